// Rosters as platforms and people write them, and as nobody should.
#include "tests/test_assignment.h"
#include "tutor/course/roster.h"

static const struct {
	const char *text;
	const char *students;   // id|name|stem; each followed by a space
	const char *guessed;    // the column taken for the id, NULL where it is called so
} good[] = {
	{"id\nanna\n", "anna||001-anna ", NULL},
	{"\xEF\xBB\xBFid;name\r\n7;Anna A.\r\n8;Bo\r\n", "7|Anna A.|001-7 8|Bo|002-8 ", NULL},
	{"First name,Surname,ID\nAnna,Ask,a1\n,Bo,b2\n", "a1|Anna Ask|001-a1 b2|Bo|002-b2 ", NULL},
	{"Email\tgroup\nanna@x.org\t1\n", "anna@x.org||001-anna-x-org ", "Email"},
	{"id\n../../etc/passwd\n..\nC:\\x\n\n",
     "../../etc/passwd||001-etc-passwd ..||002 C:\\x||003-C-x ", NULL},
	{"id\na b\n\"a  b\"\na.b\n\" c \"\n", "a b||001-a-b a  b||002-a-b a.b||003-a-b c||004-c ", NULL},
	{"id,name\nJosé,\"Ask, José\"\n", "José|Ask, José|001-Jos ", NULL},
	{"id\nCON\n-dash\n", NULL, NULL},
	{"id\n0123456789012345678901234567890123456789-and-more\n",
     "0123456789012345678901234567890123456789-and-more||001-0123456789012345678901234567890123456789 ",
     NULL},
};

static const struct {
	const char *text, *message;
	int line, column;
} bad[] = {
	{"", "", 0, 0},
	{"id\n", "no student below", 1, 1},
	{"id\nanna\nbo\nanna\n", "'anna' is there twice; first in line 2", 4, 1},
	{"id,name\nanna,A\n,B\n", "a student without an id", 3, 1},
	{"id,name\nanna,A\n\"  \",B\n", "a student without an id", 3, 1},
	{"name,id\nA,=1+2\n", "must not begin with '='", 2, 3},
	{"id\n@SUM(1)\n", "must not begin with '@'", 2, 1},
	{"id\n+49\n", "must not begin with '+'", 2, 1},
	{"id\n-7\n", "must not begin with '-'", 2, 1},
	{"id\na\x01z\n", "cannot be seen", 2, 1},
	{"id\n\"a\nz\"\n", "cannot be seen", 2, 1},
	{"id\na\xE2\x80\xAEz\n", "cannot be seen", 2, 1},
	{"id\nanna\xE2\x80\x8B\n", "cannot be seen", 2, 1},
	{"id\n\xEF\xBB\xBF" "anna\n", "cannot be seen", 2, 1},
	{"id,name\nanna,a\x1B[2J\n", "the name of 'anna' has a character that cannot be seen", 2, 6},
	{"id,name\nanna\n", "1 cell in this row", 2, 0},
	{"id\n\"anna\n", "quote", 2, 0},
};

static char *list(const Roster *roster, Arena *arena)
{
	Output text = {0};
	for (size_t i = 0; i < roster->count; i++)
		output_printf(&text, "%s|%s|%s ", roster->student[i].id, roster->student[i].name,
		              roster->student[i].stem);
	char *copy = arena_copy(arena, output_memory(&text), text.count);
	output_abandon(&text);
	return copy;
}

START_TEST(rosters_are_read)
{
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		Roster roster;
		Error error = {0};
		Arena arena = {0};
		const char *text = good[i].text;
		size_t mark = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
		bool read = roster_read(&roster, "r.csv", text + mark, strlen(text + mark), &error);
		ck_assert_msg(read == (good[i].students != NULL), "%zu: %s", i, error.message);
		if (!read)
			continue;
		ck_assert_str_eq(list(&roster, &arena), good[i].students);
		ck_assert_msg(!roster.id_column == !good[i].guessed, "%zu", i);
		if (good[i].guessed)
			ck_assert_str_eq(roster.id_column, good[i].guessed);
		roster_free(&roster);
		arena_free(&arena);
	}
}
END_TEST

START_TEST(rosters_that_are_none_are_refused)
{
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		Roster roster;
		Error error = {0};
		ck_assert_msg(!roster_read(&roster, "r.csv", bad[i].text, strlen(bad[i].text), &error),
		              "%zu", i);
		ck_assert_msg(strstr(error.message, bad[i].message), "%zu: %s", i, error.message);
		ck_assert_msg(!bad[i].line || error.line == bad[i].line, "%zu: line %d", i, error.line);
		ck_assert_msg(!bad[i].column || error.column == bad[i].column, "%zu: column %d", i,
		              error.column);
	}
}
END_TEST

START_TEST(rosters_have_a_limit)
{
	for (int extra = 0; extra < 2; extra++) {
		Roster roster;
		Error error = {0};
		Output text = {0};
		output_text(&text, "id\n");
		for (int i = 0; i < STUDENTS_MOST + extra; i++)
			output_printf(&text, "s%d\n", i);
		const char *bytes = output_memory(&text);
		ck_assert(roster_read(&roster, "r.csv", bytes, strlen(bytes), &error) == !extra);
		if (extra)
			ck_assert_ptr_nonnull(strstr(error.message, "limit of 10000"));
		else
			ck_assert_str_eq(roster.student[41].stem, "00042-s41");
		if (!extra)
			roster_free(&roster);
		output_abandon(&text);
	}
}
END_TEST

SUITE(rosters_are_read, rosters_that_are_none_are_refused, rosters_have_a_limit)

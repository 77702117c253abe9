#include "tests/suite.h"
#include "tutor/command.h"
#include "tutor/embedded.h"
#include "tutor/nearest.h"
#include "tutor/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(the_nearest_name_is_found)
{
	static const char *const names[] = {"net_h1", "out_h1", "out_o1", "E_total", "w", "x"};
	static const struct {
		const char *wanted, *name;
	} rows[] = {
		{"net_h", "net_h1"},
		{"otu_h1", "out_h1"},
		{"out_o", "out_o1"},
		{"Etotal", "E_total"},
		{"E_totla", "E_total"},
		{"q", NULL},
		{"", NULL},
		{"something", NULL},
		{"ww", "w"},
		{"nt_h1", "net_h1"},
		{"out_x1", "out_h1"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *name = nearest_name(rows[i].wanted, names, sizeof names / sizeof *names);
		ck_assert_msg(name == rows[i].name ||
		                  (name && rows[i].name && strcmp(name, rows[i].name) == 0),
		              "'%s' gave '%s'", rows[i].wanted, name ? name : "nothing");
	}
}
END_TEST

START_TEST(long_names_are_not_compared)
{
	char a[100] = "", b[100] = "";
	memset(a, 'a', 99);
	memset(b, 'a', 98);
	const char *names[] = {b};
	ck_assert_ptr_null(nearest_name(a, names, 1));
}
END_TEST

START_TEST(options_land_in_their_fields)
{
	char *argv[] = {"tutor",    "-q",       "trace", "--set", "w=1", "m.model",
	                "--se=x=2", "--seed=7", "-o",    "f",     "--",  "--ops"};
	Options options;
	Error error = {0};
	ck_assert(options_read(&options, sizeof argv / sizeof *argv, argv, &error) == false);
	ck_assert_str_eq(error.message, "option '--se' is ambiguous: '--seed' or '--set'");
	options_free(&options);
	argv[6] = "--set=x=2";
	error = (Error){0};
	ck_assert_msg(options_read(&options, sizeof argv / sizeof *argv, argv, &error), "%s",
	              error.message);
	ck_assert(options.quiet && !options.ops && options.seed == 7 && options.digits == 9);
	ck_assert_uint_eq(options.set.count, 2);
	ck_assert_str_eq(options.set.items[1], "x=2");
	ck_assert_str_eq(options.output, "f");
	ck_assert_uint_eq(options.operands.count, 3);
	ck_assert_str_eq(options.operands.items[2], "--ops");
	ck_assert(options_check(&options, TAKES_MODEL | TAKES_EVERYWHERE, "trace", &error));
	ck_assert(!options_check(&options, TAKES_EVERYWHERE, "list", &error));
	options_free(&options);
}
END_TEST

START_TEST(a_choice_is_one_of_those_named)
{
	Error error = {0};
	ck_assert_int_eq(options_choice("format", NULL, "text|csv|json", &error), 0);
	ck_assert_int_eq(options_choice("format", "json", "text|csv|json", &error), 2);
	ck_assert_int_eq(options_choice("format", "js", "text|csv|json", &error), -1);
	ck_assert_str_eq(error.message,
	                 "invalid argument 'js' to option --format: text|csv|json is wanted");
}
END_TEST

START_TEST(embedded_files_are_as_on_disk)
{
	ck_assert_uint_gt(embedded_count, 0);
	for (size_t i = 0; i < embedded_count; i++) {
		const Embedded *file = &embedded_files[i];
		ck_assert_ptr_eq(embedded_find(file->name), file);
		ck_assert_int_eq(file->data[file->size], 0);
		ck_assert_uint_gt(file->size, 0);
	}
	ck_assert_ptr_null(embedded_find("no such file"));
}
END_TEST

START_TEST(the_width_is_asked_then_told_by_the_environment)
{
	setenv("COLUMNS", "100", 1);
	ck_assert_int_eq(terminal_width(0), 100);
	ck_assert_int_eq(terminal_width(120), 120);
	setenv("COLUMNS", "10", 1);
	ck_assert_int_eq(terminal_width(0), TERMINAL_NARROWEST);
	setenv("COLUMNS", "nonsense", 1);
	ck_assert_int_ge(terminal_width(0), TERMINAL_NARROWEST);
	ck_assert(!terminal_utf8());   // the "C" locale until setlocale is called
	ck_assert(!terminal_is(-1));
}
END_TEST

SUITE(the_nearest_name_is_found, long_names_are_not_compared, options_land_in_their_fields,
      a_choice_is_one_of_those_named, embedded_files_are_as_on_disk,
      the_width_is_asked_then_told_by_the_environment)

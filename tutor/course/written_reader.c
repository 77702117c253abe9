#include "tutor/course/written_reader.h"

#include "tutor/model/symbol.h"
#include "tutor/nearest.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Characters

// Signs of printed text and word processors, and what the language has for them.
static const struct {
	const char *sign, *plain;
} signs[] = {
	{"·", "*"},  {"×", "*"},  {"⋅", "*"},  {"∙", "*"},  {"−", "-"},  {"–", "-"}, {"÷", "/"},
	{"²", "^2"}, {"³", "^3"}, {"\xC2\xA0", " "}, {"[", "["}, {"]", "]"}, {"(", "("}, {")", ")"},
	{"+", "+"},  {"-", "-"},  {"**", "^"}, {"*", "*"},  {"/", "/"},  {"^", "^"}, {",", ","},
	{"=", "="},  {"..", ".."}, {" ", " "}, {"\t", " "},
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

// A subscript digit goes on the word that it follows.
static bool goes_on(const char *text, const char *at)
{
	bool subscript = strncmp(at, "\xE2\x82", 2) == 0;
	return (is_word(*at) || subscript) && at > text && (is_word(at[-1]) || (at[-1] & 0x80));
}

size_t reader_word(const char *text)
{
	size_t size = 0;
	while (is_word(text[size]))
		size++;
	return size;
}

// ---- What is written to the parser

bool reader_wrong(Reader *r, const char *at, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	error_setv(r->error, format, arguments);
	va_end(arguments);
	r->error->column = (int)written_column(r->text, (size_t)(at - r->text));
	return false;
}

static void put(Reader *r, const char *plain, const char *from)
{
	output_text(&r->plain, plain);
	for (; r->origins < r->plain.count && r->origins < 40 * WRITTEN_MOST; r->origins++)
		r->origin[r->origins] = (uint16_t)(from - r->text);
}

static bool put_part(Reader *r, WrittenPart part)
{
	Written *w = r->written;
	char plain[40];
	if (w->count == WRITTEN_PARTS_MOST)
		return reader_wrong(r, r->at, "more than %d names and numbers", WRITTEN_PARTS_MOST);
	part.at = (size_t)(r->at - r->text);
	w->part[w->count++] = part;
	snprintf(plain, sizeof plain, WRITTEN_LEAF "[%zu]", w->count);
	put(r, plain, r->at);
	r->at += part.size;
	return true;
}

// ---- A name of a line

// Whether `w5+` is meant by the text in front of `end`, or the sum of w5 and what comes: as in the
// language, but that before something to be added a + is a sum's.
static bool is_next(const char *end)
{
	bool apart = !*end || strchr(" \t+-*/^),]", *end);
	end += strspn(end, " \t");
	return apart && !is_word(*end) && *end != '(' && *end != '.';
}

// The name as files have it: ∂ is d, ₁ is 1, ⁺ is +.
static void spell_plainly(const char *name, char *plain)
{
	while (*name) {
		bool partial = strncmp(name, "∂", 3) == 0, plus = strncmp(name, "⁺", 3) == 0;
		bool digit = strncmp(name, "\xE2\x82", 2) == 0 && (unsigned char)(name[2] - 0x80) < 10;
		*plain++ = partial ? 'd' : plus ? '+' : digit ? (char)('0' + (name[2] & 0x0F)) : *name;
		name += partial || plus || digit ? 3 : 1;
	}
	*plain = '\0';
}

static uint32_t line_called(const WrittenNames *names, const char *name, char *plain)
{
	spell_plainly(name, plain);
	uint32_t id = lines_find(names->lines, plain);
	uint32_t printed = textmap_get(&names->printed, name);
	if (id && lines_at(names->lines, id)->leaf->kind == FORMULA_NAME)   // a path is a product
		return id;
	return printed == TEXTMAP_ABSENT ? 0 : printed;
}

// The longest name of a line that the text begins with; blanks in it do not count.
static uint32_t longest_name(const Reader *r, size_t *size)
{
	uint32_t found = 0;
	size_t count = 0;
	char *name = memory_alloc(2 * (r->names->longest + 1)), *plain = name + r->names->longest + 1;
	for (const char *at = r->at; *at && count < r->names->longest; at++) {
		if (strchr(" \t", *at))
			continue;
		bool apart = at > r->at && strchr(" \t", at[-1]);
		if (apart && (*at == '+' || (is_word(*at) && is_word(name[count - 1]))))
			break;
		name[count++] = *at;
		name[count] = '\0';
		if (goes_on(r->at, at + 1) || (at[1] & 0xC0) == 0x80 || (*at == '+' && !is_next(at + 1)))
			continue;
		uint32_t id = line_called(r->names, name, plain);
		if (id) {
			found = id;
			*size = (size_t)(at + 1 - r->at);
		}
	}
	free(name);
	return found;
}

// ---- Words

static bool is_binder(const Reader *r, size_t size)
{
	for (size_t i = 0; i < r->binders; i++)
		if (r->binder_size[i] == size && memcmp(r->binder[i], r->at, size) == 0)
			return true;
	return false;
}

static void put_word(Reader *r, size_t size)
{
	put(r, arena_copy(&r->arena, r->at, size), r->at);
	r->at += size;
}

static bool bind(Reader *r, size_t size)
{
	if (!is_binder(r, size)) {
		if (r->binders == BINDERS_MOST)
			return reader_wrong(r, r->at, "more than %d indices", BINDERS_MOST);
		r->binder[r->binders] = r->at;
		r->binder_size[r->binders++] = size;
	}
	put_word(r, size);
	return true;
}

static bool call(Reader *r, size_t size)
{
	const Function *function = function_find(r->at, size);
	if (size == 2 && memcmp(r->at, "ln", 2) == 0) {
		put(r, "log", r->at);
		r->at += size;
		return true;
	}
	if (!function || function->op == OP_COUNT || !function->reserved)
		return reader_wrong(r, r->at, "'%.*s' is no function that is known here", (int)(size < 40 ? size : 40),
		             r->at);
	put_word(r, size);
	return true;
}

static bool unknown_name(Reader *r, size_t size)
{
	const Lines *lines = r->names->lines;
	Nearest nearest = nearest_start(r->at, size);
	for (uint32_t id = 1; id <= lines->count; id++)
		if (lines_at(lines, id)->leaf->kind == FORMULA_NAME)
			nearest_offer(&nearest, quantity_text(lines_at(lines, id)->leaf->name, &r->arena));
	int shown = (int)(size < 40 ? size : 40);
	if (nearest.name)
		return reader_wrong(r, r->at, "unknown name '%.*s'; did you mean '%s'?", shown, r->at, nearest.name);
	return reader_wrong(r, r->at, "unknown name '%.*s'", shown, r->at);
}

// ---- Families, for elements that an index picks

// The bracket that closes the one at `at`, NULL if none does.
static const char *closing(const char *at)
{
	int depth = 0;
	for (; *at; at++) {
		depth += (*at == '[') - (*at == ']');
		if (depth == 0)
			return at;
	}
	return NULL;
}

// h[…] or h[…]@2 with an index that is no number. The @2 is left out where its bracket ends.
static bool element(Reader *r, size_t size, const char **skip, size_t *skipped)
{
	const char *end = closing(r->at + size + strspn(r->at + size, " \t"));
	Family family = {.name = arena_copy(&r->arena, r->at, size)};
	if (end && end[1] == '@' && isdigit((unsigned char)end[2])) {
		char *after;
		family.example = (uint32_t)strtoul(end + 2, &after, 10);
		*skip = end + 1;
		*skipped = (size_t)(after - (end + 1));
	}
	family.called = family.example ? arena_printf(&r->arena, "%s_at_%u_", family.name,
	                                              (unsigned)family.example)
	                               : family.name;
	for (size_t i = 0; i < r->families; i++)
		if (strcmp(r->family[i].called, family.called) == 0) {
			put(r, family.called, r->at);
			r->at += size;
			return true;
		}
	if (r->families == FAMILIES_MOST)
		return reader_wrong(r, r->at, "more than %d families", FAMILIES_MOST);
	r->family[r->families++] = family;
	put(r, family.called, r->at);
	r->at += size;
	return true;
}

static bool is_family(const Reader *r, size_t size)
{
	const Lines *lines = r->names->lines;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Formula *leaf = lines_at(lines, id)->leaf;
		if (leaf->kind == FORMULA_NAME && leaf->name->kind == QUANTITY_ELEMENT && leaf->name->rank &&
		    strlen(leaf->name->text) == size && memcmp(leaf->name->text, r->at, size) == 0)
			return true;
	}
	return false;
}

// ---- The text

static bool read_word(Reader *r, const char **skip, size_t *skipped)
{
	size_t size = reader_word(r->at), whole;
	const char *next = r->at + size + strspn(r->at + size, " \t");
	if (size && *next == '=')
		return bind(r, size);
	if (size && is_binder(r, size))
		return put_word(r, size), true;
	uint32_t row = longest_name(r, &whole);
	if (row)
		return put_part(r, (WrittenPart){.row = row, .size = whole});
	if (!size)
		return reader_wrong(r, r->at, "'%.*s' is not understood here",
		             (int)strcspn(r->at + 1, " \t+-*/^()[],") % 40 + 1, r->at);
	if (*next == '(')
		return call(r, size);
	if (*next == '[' && is_family(r, size))
		return element(r, size, skip, skipped);
	if (size == 1 && *r->at == 'e')
		return put(r, "exp(1)", r->at), r->at++, true;
	return unknown_name(r, size);
}

static size_t digits_at(const char *text)
{
	size_t size = 0;
	while (isdigit((unsigned char)text[size]))
		size++;
	return size;
}

static size_t number_at(const char *text)
{
	size_t size = digits_at(text);
	if (text[size] == '.' && text[size + 1] != '.')
		size += 1 + digits_at(text + size + 1);
	if (text[size] == 'e' || text[size] == 'E') {
		size_t sign = text[size + 1] == '+' || text[size + 1] == '-';
		size_t digits = digits_at(text + size + 1 + sign);
		size += digits ? 1 + sign + digits : 0;
	}
	return size;
}

// Numbers of indices and ranges stay: they are whole numbers of the language.
static bool read_number(Reader *r)
{
	size_t size = number_at(r->at);
	WrittenPart part = {.size = size};
	if (r->depth || r->after_dots || strncmp(r->at + size, "..", 2) == 0)
		return put_word(r, size), true;
	if (!typed_read(&part.typed, arena_copy(&r->arena, r->at, size), false))
		return reader_wrong(r, r->at, "'%.*s' is no number", (int)(size < 40 ? size : 40), r->at);
	return put_part(r, part);
}

static bool read_sign(Reader *r)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t size = strlen(signs[i].sign);
		if (strncmp(r->at, signs[i].sign, size) != 0)
			continue;
		r->depth += *r->at == '[' ? 1 : *r->at == ']' ? -1 : 0;
		if (*signs[i].plain != ' ')
			r->after_dots = signs[i].plain[0] == '.';
		put(r, signs[i].plain, r->at);
		r->at += size;
		return true;
	}
	return false;
}

bool reader_text(Reader *r)
{
	const char *skip = NULL;
	size_t skipped = 0;
	for (r->at = r->text; *r->at;) {
		bool point = *r->at == '.' && isdigit((unsigned char)r->at[1]);
		if (r->at == skip) {
			r->at += skipped;
			continue;
		}
		if (isdigit((unsigned char)*r->at) || point) {
			if (!read_number(r))
				return false;
		} else if (!read_sign(r) && !read_word(r, &skip, &skipped)) {
			return false;
		}
		r->after_dots = r->after_dots && (r->at[-1] == '.' || strchr(" \t", r->at[-1]));
	}
	return true;
}


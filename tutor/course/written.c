#include "tutor/course/written_reader.h"

#include "tutor/render/notation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESULT "formula_"   // what the tape calls it

enum { NODES_MOST = 100 * 1000 };

// ---- Names

void written_names_start(WrittenNames *names, const Lines *lines)
{
	Output text = {0};
	*names = (WrittenNames){.lines = lines};
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Formula *leaf = lines_at(lines, id)->leaf;
		if (leaf->kind != FORMULA_NAME)
			continue;
		size_t size = strlen(quantity_text(leaf->name, &names->arena));
		text.count = 0;
		notation_quantity(&text, leaf->name, &(Notation){.unicode = true, .digits = 9});
		textmap_add(&names->printed, arena_copy(&names->arena, output_memory(&text), text.count),
		            id);
		size = text.count > size ? text.count : size;
		names->longest = size > names->longest ? size : names->longest;
	}
	output_abandon(&text);
}

void written_names_free(WrittenNames *names)
{
	textmap_free(&names->printed);
	arena_free(&names->arena);
	*names = (WrittenNames){0};
}

// ---- Recording

size_t written_column(const char *text, size_t at)
{
	return notation_columns(text, at) + 1;
}

// Declares the family's elements on the tape as copies of leaves.
static bool declare(Reader *r, const Family *family, Output *declarations)
{
	const Lines *lines = r->names->lines;
	Written *w = r->written;
	bool any = false;
	for (uint32_t id = 1; id <= lines->count; id++) {
		const Formula *leaf = lines_at(lines, id)->leaf;
		const Quantity *q = leaf->kind == FORMULA_NAME ? leaf->name : NULL;
		if (!q || q->kind != QUANTITY_ELEMENT || !q->rank || q->example != family->example ||
		    strcmp(q->text, family->name) != 0)
			continue;
		any = true;
		w->part = memory_resize(w->part, (w->count + 1) * sizeof *w->part);
		w->part[w->count++] = (WrittenPart){.row = id};
		output_printf(declarations, "%s[", family->called);
		for (uint32_t i = 0; i < q->rank; i++)
			output_printf(declarations, "%s%d", i ? "," : "", (int)q->index[i]);
		output_printf(declarations, "] = " WRITTEN_LEAF "[%zu]\n", w->count);
	}
	return any;
}

// "expected …, found 'value_of_'" says what the student wrote there.
static void translate_error(Reader *r, const Error *found, size_t line, size_t before)
{
	char message[ERROR_MESSAGE_SIZE];
	size_t place = found->line == (int)line && found->column > (int)before
	                   ? (size_t)found->column - 1 - before
	                   : 0;
	const char *at = r->text + (place < r->origins ? r->origin[place] : strlen(r->text));
	const char *end = strstr(found->message, ", found '");
	size_t size = reader_word(at);
	while (*at && (!size || (at[size] & 0xC0) == 0x80))
		size++;
	snprintf(message, sizeof message, "%.*s", (int)(end ? end - found->message : 500), found->message);
	if (end && *at)
		reader_wrong(r, at, "%s, found '%.*s'", message, (int)(size < 40 ? size : 40), at);
	else
		reader_wrong(r, at, "%s", message);
}

// param value_of_[1..n] = 0, the families' elements, and formula_ = …
static bool record(Reader *r)
{
	Written *w = r->written;
	Output text = {0}, declarations = {0};
	Error found = {0};
	ModelOptions options = {.seed = 1, .no_gradient = true, .node_limit = NODES_MOST};
	size_t line = 1;
	for (size_t i = 0; i < r->families; i++)
		if (!declare(r, &r->family[i], &declarations))
			return output_abandon(&declarations),
			       reader_wrong(r, r->text, "there is no '%s' of example %u", r->family[i].name,
			             (unsigned)r->family[i].example);
	output_printf(&text, "param " WRITTEN_LEAF "[1..%zu] = 0\n%s", w->count + 1,
	              output_memory(&declarations));
	for (size_t i = 0; i < text.count; i++)
		line += output_memory(&text)[i] == '\n';
	output_printf(&text, RESULT " = %s\n", output_memory(&r->plain));
	bool read = model_read(&w->model, "formula", output_memory(&text), text.count, &options, &found);
	if (!read)
		translate_error(r, &found, line, strlen(RESULT " = "));
	output_abandon(&text);
	output_abandon(&declarations);
	return read;
}

static void find_nodes(Written *w)
{
	const Tape *tape = &w->model.tape;
	for (size_t i = 0; i < w->count; i++)
		w->part[i].leaf = w->model.param[i];
	for (size_t i = 0; i < tape->names_count; i++)
		if (tape->names[i].kind == NAME_ELEMENT &&
		    strcmp(tape_family_text(tape, tape->names[i].a), RESULT) == 0)
			w->result = tape->names[i].node;
	model_start(&w->model, &w->replay, 0, 0);
}

bool written_read(Written *w, const WrittenNames *names, const char *text, Error *error)
{
	Reader r = {.written = w, .names = names, .text = text, .error = error};
	Typed typed;
	*w = (Written){.text = text};
	if (strlen(text) > WRITTEN_MOST)
		return error_set(error, "longer than %d characters", WRITTEN_MOST);
	w->part = memory_alloc(WRITTEN_PARTS_MOST * sizeof *w->part);
	r.origin = memory_alloc(40 * WRITTEN_MOST * sizeof *r.origin);
	w->alone = typed_read(&typed, text, false);
	bool read = reader_text(&r) && record(&r);
	if (read)
		find_nodes(w);
	else
		written_free(w);
	output_abandon(&r.plain);
	arena_free(&r.arena);
	free(r.origin);
	return read;
}

void written_free(Written *w)
{
	if (w->replay.tape)
		replay_free(&w->replay);
	if (w->model.tape.count)
		model_free(&w->model);
	free(w->part);
	*w = (Written){0};
}

// ---- Values

double written_value_of(Written *w, const double *part)
{
	for (size_t i = 0; i < w->count; i++)
		replay_set_all(&w->replay, w->part[i].leaf, part[i]);
	replay_all(&w->replay);
	return replay_value(&w->replay, w->result, 0);
}

double written_value(Written *w, const double *value)
{
	double *part = memory_alloc(memory_product(w->count, sizeof *part) + 1);
	for (size_t i = 0; i < w->count; i++)
		part[i] = w->part[i].row ? value[w->part[i].row - 1] : w->part[i].typed.value;
	double result = written_value_of(w, part);
	free(part);
	return result;
}

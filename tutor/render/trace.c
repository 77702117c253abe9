#include "tutor/render/trace.h"

#include "tutor/io/number.h"
#include "tutor/render/notation.h"

#include <stdio.h>

static const Notation in_names = {.digits = -1};
static const Notation in_values = {.digits = -1, .values = true};

static void put_name(Output *memory, const Row *row)
{
	if (row->name)
		notation_quantity(memory, row->name, &in_names);
	else
		notation_formula(memory, row->formula, &in_names);
}

static void put_parents(Output *memory, const Row *row, Arena *arena)
{
	const uint32_t *id;
	size_t count = row_parents(row, arena, &id);
	char text[16];
	for (size_t i = 0; i < count; i++)
		output_bytes(memory, text, (size_t)snprintf(text, sizeof text, i ? " %u" : "%u", (unsigned)id[i]));
}

// A cell written to memory first, so that it is quoted where it must be.
static void end_cell(CsvWriter *csv, Output *memory)
{
	csv_writer_bytes(csv, output_memory(memory), memory->count);
	memory->count = 0;
}

void trace_csv_header(CsvWriter *csv)
{
	static const char *const column[] = {"id", "phase", "name", "formula", "substituted", "value", "parents"};
	for (size_t i = 0; i < sizeof column / sizeof *column; i++)
		csv_writer_text(csv, column[i]);
	csv_writer_end_row(csv);
}

void trace_csv_row(CsvWriter *csv, const Row *row, Arena *arena)
{
	Output memory = {0};
	csv_writer_whole(csv, row->id);
	csv_writer_text(csv, phase_text(row->phase));
	put_name(&memory, row);
	end_cell(csv, &memory);
	if (row->formula)
		notation_formula(&memory, row->formula, &in_names);
	end_cell(csv, &memory);
	if (row->formula)
		notation_formula(&memory, row->formula, &in_values);
	end_cell(csv, &memory);
	csv_writer_number(csv, row->value);
	put_parents(&memory, row, arena);
	end_cell(csv, &memory);
	csv_writer_end_row(csv);
	output_abandon(&memory);
}

static void json_cell(JsonWriter *json, const char *key, Output *memory)
{
	json_key(json, key);
	json_text(json, output_memory(memory));
	memory->count = 0;
}

void trace_json_row(JsonWriter *json, const Row *row, Arena *arena)
{
	Output memory = {0};
	const uint32_t *id;
	size_t count = row_parents(row, arena, &id);
	json_begin(json, '{');
	json_key(json, "id"), json_whole(json, row->id);
	json_key(json, "phase"), json_text(json, phase_text(row->phase));
	put_name(&memory, row);
	json_cell(json, "name", &memory);
	if (row->formula) {
		notation_formula(&memory, row->formula, &in_names);
		json_cell(json, "formula", &memory);
		notation_formula(&memory, row->formula, &in_values);
		json_cell(json, "substituted", &memory);
	} else {
		json_key(json, "formula"), json_text(json, "");
		json_key(json, "substituted"), json_text(json, "");
	}
	json_key(json, "value"), json_number(json, row->value);
	json_key(json, "parents"), json_begin(json, '[');
	for (size_t i = 0; i < count; i++)
		json_whole(json, id[i]);
	json_end(json, ']');
	json_end(json, '}');
	output_abandon(&memory);
}

// ---- A document

static const char *heading_of(Phase phase)
{
	switch (phase) {
	case PHASE_GIVEN:
		return "Given";
	case PHASE_FORWARD:
		return "Forward pass";
	case PHASE_UPDATE:
		return "Update";
	default:
		return "Backward pass";
	}
}

static bool is_backward(int phase)
{
	return phase == PHASE_PARTIAL || phase == PHASE_PATH || phase == PHASE_GRADIENT;
}

void trace_items(Writer *writer, const Row *row, int last)
{
	bool same = (int)row->phase == last || (is_backward((int)row->phase) && is_backward(last));
	if (!same) {
		Run title = {.text = heading_of(row->phase)};
		writer_item(writer, &(Item){.kind = ITEM_HEADING, .level = 2, .run = &title});
	}
	bool apart = same && last == PHASE_GRADIENT && row->phase != PHASE_GRADIENT;
	writer_item(writer, &(Item){.kind = ITEM_EQUATION, .row = *row, .group = 1, .apart = apart});
}

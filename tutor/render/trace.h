// A derivation's rows as CSV, JSON and items of a document.
#ifndef RENDER_TRACE_H
#define RENDER_TRACE_H

#include "tutor/explain/row.h"
#include "tutor/io/csv_writer.h"
#include "tutor/io/json_writer.h"
#include "tutor/render/writer.h"

// The columns id,phase,name,formula,substituted,value,parents.
void trace_csv_header(CsvWriter *csv);
void trace_csv_row(CsvWriter *csv, const Row *row, Arena *arena);

// One object a row, with the same members; parents are an array.
void trace_json_row(JsonWriter *json, const Row *row, Arena *arena);

// One equation a row, under a heading for each part of the derivation. `last` is the phase of the row before, -1 for
// none.
void trace_items(Writer *writer, const Row *row, int last);

#endif

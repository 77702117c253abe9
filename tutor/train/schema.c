#include "tutor/train/schema.h"

#include "tutor/model/parser.h"

#include <stdlib.h>
#include <string.h>

void schema_free(Schema *schema)
{
	arena_free(&schema->arena);
	free(schema->column);
	free(schema->feed);
	*schema = (Schema){0};
}

// What is being read: the tape gives the leaves, the syntax tree the names of the one-hots'
// columns.
typedef struct Reader {
	Schema *schema;
	const Model *model;
	Syntax syntax;
	NodeMap statement_of;   // family -> place in `statement`
	const Statement **statement;
	size_t statements, capacity;
	Error *error;
} Reader;

static void note_onehots(Reader *reader, const Statement *statement)
{
	const Tape *tape = &reader->model->tape;
	for (const Statement *s = statement; s; s = s->next) {
		note_onehots(reader, s->body);
		if (s->kind != STATEMENT_LEAF || s->start != START_ONEHOT)
			continue;
		const Symbol *symbol = &reader->syntax.symbols.symbol[s->left.symbol];
		array_reserve(reader->statement, reader->statements, reader->capacity, 1);
		nodemap_set(&reader->statement_of, tape_family_find(tape, symbol->name, symbol->length),
		            (uint32_t)reader->statements);
		reader->statement[reader->statements++] = s;
	}
}

// The value of an index such as t or t+1, of the element whose indices are `index`.
static bool index_value(const Reader *reader, const Statement *s, const Expr *expr,
                        const int32_t *index, int32_t *value)
{
	int32_t term;
	switch (expr->kind) {
	case EXPR_NUMBER:
		*value = (int32_t)expr->number;
		return *value == expr->number;
	case EXPR_LOCAL:
		for (uint32_t i = 0; i < s->left.rank; i++)
			if (s->left.range[i].slot == expr->slot) {
				*value = index[i];
				return true;
			}
		break;
	case EXPR_SUM:
		*value = 0;
		for (uint32_t i = 0; i < expr->count; i++) {
			if (!index_value(reader, s, expr->item[i], index, &term))
				return false;
			*value += expr->inverse && expr->inverse[i] ? -term : term;
		}
		return true;
	default:
		break;
	}
	return source_error(&reader->syntax.sources, expr->place, reader->error,
	                    "for training, the index of a label's column is a number, an index of the "
	                    "family or a sum of these");
}

static bool label_column(const Reader *reader, const Statement *s, const int32_t *own, char *text)
{
	int32_t index[RANK_LIMIT];
	const Expr *column = s->value;
	for (uint32_t i = 0; i < column->count; i++)
		if (!index_value(reader, s, column->item[i], own, &index[i]))
			return false;
	symbol_element_text(text, reader->syntax.symbols.symbol[column->symbol].name, index,
	                    column->count);
	return true;
}

// The column of that name. A family's elements stand together, so a label's column is mostly the
// newest.
static uint32_t column_of(Schema *schema, const char *name, bool label)
{
	size_t found = schema->columns;
	for (size_t i = schema->columns; label && i-- > 0 && found == schema->columns;)
		if (schema->column[i].family && strcmp(schema->column[i].name, name) == 0)
			found = i;
	if (found == schema->columns) {
		array_reserve(schema->column, schema->columns, schema->column_capacity, 1);
		schema->column[schema->columns++] =
			(Column){.name = arena_copy(&schema->arena, name, strlen(name))};
	}
	return (uint32_t)found;
}

static void widen_labels(Column *column, const char *family, int32_t label)
{
	if (!column->family || label < column->low)
		column->low = label;
	if (!column->family || label > column->high)
		column->high = label;
	column->family = family;
}

static bool add_leaf(Reader *reader, Node leaf)
{
	const Tape *tape = &reader->model->tape;
	Schema *schema = reader->schema;
	const Name *name = &tape->names[tape->name[leaf]];
	const int32_t *index = tape->index + name->b;
	uint32_t place = nodemap_get(&reader->statement_of, name->a);
	char text[ELEMENT_TEXT_SIZE];
	Feed feed = {.leaf = leaf, .onehot = place != NODEMAP_ABSENT};
	if (!feed.onehot)
		symbol_element_text(text, tape_family_text(tape, name->a), index, name->rank);
	else if (!label_column(reader, reader->statement[place], index, text))
		return false;
	feed.column = column_of(schema, text, feed.onehot);
	Column *column = &schema->column[feed.column];
	column->target = column->target || tape_op(tape, leaf) == OP_TARGET;
	if (feed.onehot) {
		feed.label = name->rank ? index[name->rank - 1] : 0;
		widen_labels(column, tape_family_text(tape, name->a), feed.label);
	}
	array_reserve(schema->feed, schema->feeds, schema->feed_capacity, 1);
	schema->feed[schema->feeds++] = feed;
	return true;
}

static bool add_leaves(Reader *reader)
{
	const Tape *tape = &reader->model->tape;
	bool good = true;
	for (Node node = 0; good && node < reader->model->forward_end; node++) {
		bool data = tape_op(tape, node) == OP_INPUT || tape_op(tape, node) == OP_TARGET;
		if (data && tape_varies(tape, node))
			good = add_leaf(reader, node);
	}
	return good;
}

bool schema_read(Schema *schema, const Model *model, const char *text, size_t size,
                 const char *folder, Error *error)
{
	*schema = (Schema){0};
	Reader reader = {.schema = schema, .model = model, .error = error};
	bool good = syntax_parse(&reader.syntax, model->file, text, size, folder, error);
	if (good) {
		note_onehots(&reader, reader.syntax.statement);
		good = add_leaves(&reader);
	}
	syntax_free(&reader.syntax);
	nodemap_free(&reader.statement_of);
	free(reader.statement);
	return good;
}

const Feed *schema_feed(const Schema *schema, Node leaf)
{
	size_t low = 0, high = schema->feeds;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (schema->feed[middle].leaf < leaf)
			low = middle + 1;
		else
			high = middle;
	}
	return low < schema->feeds && schema->feed[low].leaf == leaf ? &schema->feed[low] : NULL;
}

#include "tutor/train/batches.h"

#include "core/arena.h"
#include "core/random.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void order_start(Order *order, uint32_t count, uint64_t seed, bool shuffled)
{
	*order = (Order){.count = count,
	                 .key = random_key(seed, "shuffle"),
	                 .epoch = UINT64_MAX,
	                 .shuffled = shuffled};
	order->row = memory_alloc(memory_product((size_t)count + 1, sizeof *order->row));
	for (uint32_t i = 0; i < count; i++)
		order->row[i] = i;
}

void order_free(Order *order)
{
	free(order->row);
	*order = (Order){0};
}

void order_epoch(Order *order, uint64_t epoch)
{
	if (!order->shuffled || order->epoch == epoch)
		return;
	uint32_t *row = order->row, draw[4];
	for (uint32_t i = 0; i < order->count; i++)
		row[i] = i;
	for (uint32_t left = order->count, n = 0; left > 1; left--, n++) {
		if (n % 4 == 0) {
			memcpy(draw, (uint32_t[4]){n / 4, 0, (uint32_t)epoch, (uint32_t)(epoch >> 32)},
			       sizeof draw);
			random_philox(draw, order->key);
		}
		uint32_t other = (uint32_t)((uint64_t)draw[n % 4] * left >> 32), last = row[left - 1];
		row[left - 1] = row[other];
		row[other] = last;
	}
	order->epoch = epoch;
}

// ---- Gathering

static bool goes_on(const Span *span, const Feed *feed, uint32_t place)
{
	if (span->place + span->count != place || span->onehot != feed->onehot)
		return false;
	return feed->onehot
	           ? span->column == feed->column && (int64_t)span->label + span->count == feed->label
	           : span->column + span->count == feed->column;
}

void gather_start(Gather *gather, const Model *model, const Engine *engine, uint32_t lanes)
{
	const Node *column = engine_columns(engine, &gather->columns);
	gather->precision = engine_precision(engine);
	for (uint32_t place = 0; place < gather->columns; place++) {
		const Feed *feed = model_feed_of(model, column[place]);
		assert(feed);
		if (gather->spans && goes_on(&gather->span[gather->spans - 1], feed, place)) {
			gather->span[gather->spans - 1].count++;
			continue;
		}
		array_reserve(gather->span, gather->spans, gather->capacity, 1);
		gather->span[gather->spans++] = (Span){feed->column, place, 1, feed->onehot, feed->label};
	}
	size_t size = gather->precision == PROGRAM_SINGLE ? sizeof(float) : sizeof(double);
	gather->rows =
		memory_alloc(memory_product(memory_product((size_t)gather->columns + 1, lanes), size));
}

void gather_free(Gather *gather)
{
	free(gather->span);
	free(gather->rows);
	free(gather->expanded);
	*gather = (Gather){0};
}

// Sixteen at a time, so that compilers make vector instructions of it.
#define DEFINE_GATHER(name, From, To) \
	static void name(const Span *span, uint32_t stride, void *rows, const Examples *examples, \
	                 const uint32_t *row, uint32_t count) \
	{ \
		for (uint32_t k = 0; k < count; k++) { \
			const From *from = (const From *)(const void *)examples->data + \
			                   row[k] * examples->columns + span->column; \
			To *to = (To *)rows + (size_t)k * stride + span->place; \
			uint32_t i = 0; \
			if (span->onehot) { \
				for (; i < span->count; i++) \
					to[i] = (To)((double)*from == span->label + (double)i); \
				continue; \
			} \
			for (; i + 16 <= span->count; i += 16) \
				for (uint32_t j = i; j < i + 16; j++) \
					to[j] = (To)from[j]; \
			for (; i < span->count; i++) \
				to[i] = (To)from[i]; \
		} \
	}

DEFINE_GATHER(bytes_to_single, unsigned char, float)
DEFINE_GATHER(floats_to_single, float, float)
DEFINE_GATHER(doubles_to_single, double, float)
DEFINE_GATHER(bytes_to_double, unsigned char, double)
DEFINE_GATHER(floats_to_double, float, double)
DEFINE_GATHER(doubles_to_double, double, double)

typedef void GatherFunction(const Span *span, uint32_t stride, void *rows, const Examples *examples,
                            const uint32_t *row, uint32_t count);

static void fill_rows(const Gather *gather, void *rows, const Examples *examples,
                      const uint32_t *row, uint32_t count)
{
	static GatherFunction *const functions[2][3] = {
		[PROGRAM_SINGLE] = {bytes_to_single, floats_to_single, doubles_to_single},
		[PROGRAM_DOUBLE] = {bytes_to_double, floats_to_double, doubles_to_double},
	};
	GatherFunction *function = functions[gather->precision][examples->width];
	for (size_t i = 0; i < gather->spans; i++)
		function(&gather->span[i], gather->columns, rows, examples, row, count);
}

static size_t row_bytes(const Gather *gather)
{
	return gather->columns * (gather->precision == PROGRAM_SINGLE ? sizeof(float) : sizeof(double));
}

void gather_expand(Gather *gather, const Examples *examples)
{
	size_t bytes = row_bytes(gather);
	if (!bytes || !examples->count || examples->count > EXPANDED_LIMIT / bytes)
		return;
	gather->expanded = memory_alloc(examples->count * bytes);
	gather->expanded_from = examples;
	for (uint32_t i = 0; i < examples->count; i++)
		fill_rows(gather, gather->expanded + i * bytes, examples, &i, 1);
}

static bool stand_together(const uint32_t *row, uint32_t count)
{
	for (uint32_t k = 1; k < count; k++)
		if (row[k] != row[0] + k)
			return false;
	return true;
}

static void ask_for(const char *bytes, size_t count)
{
#ifdef __GNUC__
	enum { LINE = 64 };
	for (size_t i = 0; i < count; i += LINE)
		__builtin_prefetch(bytes + i);
#else
	(void)bytes, (void)count;
#endif
}

// The next row is asked for while one is copied: it may be anywhere.
static void copy_rows(char *to, const char *from, const uint32_t *row, uint32_t count, size_t bytes)
{
	for (uint32_t k = 0; k < count; k++) {
		if (k + 1 < count)
			ask_for(from + row[k + 1] * bytes, bytes);
		memcpy(to + k * bytes, from + row[k] * bytes, bytes);
	}
}

void gather_feed(Gather *gather, Engine *engine, const Examples *examples, const uint32_t *row,
                 uint32_t count)
{
	const void *rows = gather->rows;
	size_t bytes = row_bytes(gather);
	if (gather->expanded_from != examples)
		fill_rows(gather, gather->rows, examples, row, count);
	else if (stand_together(row, count))
		rows = gather->expanded + row[0] * bytes;
	else
		copy_rows(gather->rows, gather->expanded, row, count, bytes);
	engine_feed(engine, rows, gather->columns, count);
}

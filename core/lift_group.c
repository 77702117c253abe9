#include "core/lift_group.h"

#include "core/arena.h"

#include <stdlib.h>
#include <string.h>

void lift_free(Lift *lift)
{
	graph_free(&lift->graph);
	free(lift->group);
	free(lift->place);
	free(lift->member);
	free(lift->groups);
	free(lift->product);
	free(lift->signature);
	arena_free(&lift->arena);
	*lift = (Lift){0};
}

// ---- Sorting: most of what comes is in order already, or in the reverse order

static int by_key(const void *a, const void *b)
{
	const Keyed *left = a, *right = b;
	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return left->value < right->value ? -1 : left->value > right->value;
}

void lift_sort(Keyed *keyed, size_t count)
{
	size_t rising = 1, falling = 1;
	while (rising < count && keyed[rising - 1].key <= keyed[rising].key)
		rising++;
	while (falling < count && keyed[falling - 1].key > keyed[falling].key)
		falling++;
	if (rising >= count)
		return;
	if (falling < count) {
		qsort(keyed, count, sizeof *keyed, by_key);
		return;
	}
	for (size_t i = 0; i < count / 2; i++) {
		Keyed kept = keyed[i];
		keyed[i] = keyed[count - 1 - i];
		keyed[count - 1 - i] = kept;
	}
}

// ---- The arguments of a value in the order of their rows

typedef struct Scratch {
	Keyed *keyed;
	size_t capacity;
	NodeMap found;       // hash of a signature -> group
	uint32_t last;       // the group found last, UINT32_MAX at the start of a level
	uint32_t next;       // the group that is likely to be next: the one that came behind `last` before
} Scratch;

static Keyed *keyed_for(Scratch *scratch, size_t count)
{
	array_reserve(scratch->keyed, 0, scratch->capacity, count);
	return scratch->keyed;
}

static void order_terms(const Lift *lift, Scratch *scratch, Value *argument, uint32_t count)
{
	uint32_t sorted = 1;
	while (sorted < count && lift_where(lift, argument[sorted - 1]) <= lift_where(lift, argument[sorted]))
		sorted++;
	if (sorted == count)
		return;
	Keyed *keyed = keyed_for(scratch, count);
	for (uint32_t i = 0; i < count; i++)
		keyed[i] = (Keyed){lift_where(lift, argument[i]), argument[i], 0};
	lift_sort(keyed, count);
	for (uint32_t i = 0; i < count; i++)
		argument[i] = keyed[i].value;
}

// Pairs (u, v) by the rows of the v. Where both vary the later group, which is nearer to the result, is u.
static void order_pairs(const Lift *lift, Scratch *scratch, Value *pair, uint32_t count, bool batch)
{
	Keyed *keyed = keyed_for(scratch, count);
	for (uint32_t i = 0; i < count; i++) {
		Value u = pair[2 * i], v = pair[2 * i + 1];
		if (batch && lift_where(lift, u) < lift_where(lift, v)) {
			v = u;
			u = pair[2 * i + 1];
		}
		keyed[i] = (Keyed){lift_where(lift, v), v, u};
	}
	lift_sort(keyed, count);
	for (uint32_t i = 0; i < count; i++) {
		pair[2 * i] = keyed[i].other;
		pair[2 * i + 1] = keyed[i].value;
	}
}

static void order_arguments(const Lift *lift, Scratch *scratch, Value value)
{
	const ValueNode *node = &lift->graph.node[value];
	uint32_t count;
	Value *argument = graph_arguments(&lift->graph, value, &count);
	if (node->op == VALUE_CONTRACT)
		order_pairs(lift, scratch, argument + 1, (count - 1) / 2, node->flags & VALUE_BATCH);
	else if (node->op == OP_SUM || node->op == OP_PROD)
		order_terms(lift, scratch, argument, count);
}

// ---- Signatures: what the members of a group have in common

// There must be room for it.
static void sign(Lift *lift, uint32_t word)
{
	lift->signature[lift->signature_count++] = word;
}

// The family of an element. Names without an index are one family: in w1*i1 + w2*i2 the w are a matrix too.
static void sign_family(Lift *lift, const Name *name)
{
	if (name->rank)
		sign(lift, name->a);
}

static void sign_leaf(Lift *lift, Value value)
{
	const Tape *tape = lift->graph.tape;
	Node node = lift->graph.node[value].origin;
	const Name *name = node == NODE_NONE || tape->name[node] == NAME_NONE ? NULL : &tape->names[tape->name[node]];
	if (!name)
		return;
	sign(lift, name->kind);
	if (name->kind == NAME_ELEMENT) {
		sign_family(lift, name);
		return;
	}
	// A state of an update rule belongs to the family of its param.
	sign(lift, name->b);
	if (tape->name[name->a] != NAME_NONE)
		sign_family(lift, &tape->names[tape->name[name->a]]);
}

// Runs of arguments of one group; for a contraction without their lengths, so that shorter lists at a border join.
static void sign_arguments(Lift *lift, Value value)
{
	uint32_t count;
	const Value *argument = graph_arguments(&lift->graph, value, &count);
	array_reserve(lift->signature, lift->signature_count, lift->signature_capacity, 2 * (size_t)count + 1);
	if (lift->graph.node[value].op == VALUE_CONTRACT) {
		sign(lift, argument[0] == VALUE_NONE ? UINT32_MAX : lift->group[argument[0]]);
		for (uint32_t i = 1; i < count; i += 2) {
			uint32_t u = lift->group[argument[i]], v = lift->group[argument[i + 1]];
			if (i == 1 || u != lift->group[argument[i - 2]] || v != lift->group[argument[i - 1]]) {
				sign(lift, u);
				sign(lift, v);
			}
		}
		return;
	}
	sign(lift, count);
	for (uint32_t i = 0, run = 0; i < count; i++, run++)
		if (i == 0 || lift->group[argument[i]] != lift->group[argument[i - 1]]) {
			sign(lift, run);
			sign(lift, lift->group[argument[i]]);
			run = 0;
		}
}

// Whether all arguments vary, or none.
static bool all_alike(const Lift *lift, Value value)
{
	uint32_t count;
	const Value *argument = graph_arguments(&lift->graph, value, &count);
	for (uint32_t i = 1; i < count; i++)
		if (graph_varies(&lift->graph, argument[i]) != graph_varies(&lift->graph, argument[0]))
			return false;
	return true;
}

static uint32_t kind_of(const Lift *lift, Value value)
{
	const ValueNode *node = &lift->graph.node[value];
	uint32_t count;
	graph_arguments(&lift->graph, value, &count);
	if (graph_is_leaf(&lift->graph, value))
		return GROUP_LEAVES;
	if (node->op == VALUE_CONTRACT)
		return GROUP_CONTRACT;
	if (node->op == OP_BATCH_SUM)
		return GROUP_BATCH_SUM;
	return count > GROUP_FEW && all_alike(lift, value) ? GROUP_FOLD : GROUP_ELEMENTS;
}

static bool has_signature(const Lift *lift, uint32_t group, size_t start, size_t length)
{
	if (group == UINT32_MAX)
		return false;
	const Group *g = &lift->groups[group];
	const uint32_t *wanted = lift->signature + start, *known = lift->signature + g->signature;
	size_t same = 0;
	while (g->length == length && same < length && known[same] == wanted[same])
		same++;
	return same == length;
}

// The group that the value belongs to: one with its signature, or a new one.
static uint32_t group_of(Lift *lift, Scratch *scratch, Value value)
{
	const ValueNode *node = &lift->graph.node[value];
	enum { OF_LEAF = 8 };   // a leaf has no more words than these
	size_t start = lift->signature_count;
	array_reserve(lift->signature, start, lift->signature_capacity, OF_LEAF);
	sign(lift, node->op | (uint32_t)(node->flags & (VALUE_VARIES | VALUE_BATCH)) << 8);
	if (graph_is_leaf(&lift->graph, value))
		sign_leaf(lift, value);
	else
		sign_arguments(lift, value);
	size_t length = lift->signature_count - start;
	if (has_signature(lift, scratch->next, start, length)) {
		lift->signature_count = start;
		return scratch->next;
	}
	uint64_t hash = length;
	for (size_t i = start; i < lift->signature_count; i++)
		hash = (hash ^ lift->signature[i]) * 0xD6E8FEB86659FD93u + (hash >> 31);
	for (;; hash++) {
		uint32_t group = nodemap_get(&scratch->found, hash);
		if (group == NODEMAP_ABSENT)
			break;
		if (has_signature(lift, group, start, length)) {
			lift->signature_count = start;
			return group;
		}
	}
	array_reserve(lift->groups, lift->groups_count, lift->groups_capacity, 1);
	lift->groups[lift->groups_count] =
	    (Group){.kind = (uint8_t)kind_of(lift, value), .op = node->op, .varies = graph_varies(&lift->graph, value),
	            .signature = (uint32_t)start, .length = (uint32_t)length, .after = UINT32_MAX};
	nodemap_set(&scratch->found, hash, (uint32_t)lift->groups_count);
	return (uint32_t)lift->groups_count++;
}

// ---- The order of the members

// Doubles as whole numbers in the same order.
static uint64_t sortable(double number)
{
	uint64_t bits;
	memcpy(&bits, &number, sizeof bits);
	return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static uint64_t member_key(const Lift *lift, Value value)
{
	uint32_t count;
	if (graph_is_number(&lift->graph, value))
		return sortable(graph_number_value(&lift->graph, value));
	const Value *argument = graph_arguments(&lift->graph, value, &count);
	if (count == 0)
		return 0;
	return (uint64_t)lift->place[argument[0]] << 32 | (count > 1 ? lift->place[argument[1]] : 0);
}

static bool are_in_order(const Lift *lift, const Value *member, uint32_t count)
{
	uint64_t last = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t key = member_key(lift, member[i]);
		if (key < last)
			return false;
		last = key;
	}
	return true;
}

static void order_members(Lift *lift, Scratch *scratch, const Group *group)
{
	Value *member = lift->member + group->first;
	if (!are_in_order(lift, member, group->count)) {
		Keyed *keyed = keyed_for(scratch, group->count);
		for (uint32_t i = 0; i < group->count; i++)
			keyed[i] = (Keyed){member_key(lift, member[i]), member[i], 0};
		lift_sort(keyed, group->count);
		for (uint32_t i = 0; i < group->count; i++)
			member[i] = keyed[i].value;
	}
	for (uint32_t i = 0; i < group->count; i++)
		lift->place[member[i]] = i;
}

// ---- Level by level

static void group_level(Lift *lift, Scratch *scratch, Value start, Value end)
{
	size_t first_group = lift->groups_count;
	lift->signature_count = 0;
	nodemap_clear(&scratch->found);
	scratch->last = scratch->next = UINT32_MAX;
	for (Value value = start; value < end; value++) {
		order_arguments(lift, scratch, value);
		uint32_t group = group_of(lift, scratch, value);
		if (scratch->last != UINT32_MAX)
			lift->groups[scratch->last].after = group;
		scratch->last = group;
		scratch->next = lift->groups[group].after;
		lift->group[value] = group;
		lift->groups[group].count++;
	}
	size_t last_group = lift->groups_count, next = start;
	for (size_t g = first_group; g < last_group; g++) {
		lift->groups[g].first = (uint32_t)next;
		next += lift->groups[g].count;
		lift->groups[g].count = 0;
	}
	for (Value value = start; value < end; value++) {
		Group *group = &lift->groups[lift->group[value]];
		lift->member[group->first + group->count++] = value;
	}
	for (size_t g = first_group; g < last_group; g++) {
		if (lift->groups[g].kind == GROUP_CONTRACT)
			lift_find_products(lift, (uint32_t)g);
		else
			order_members(lift, scratch, &lift->groups[g]);
	}
}

void lift_group(Lift *lift, Value *wanted, size_t count)
{
	Scratch scratch = {0};
	uint32_t levels;
	size_t *start = graph_sort_by_level(&lift->graph, wanted, count, &levels, &lift->most), values = lift->graph.count + 1;
	lift->group = memory_alloc(memory_product(values, sizeof *lift->group));
	lift->place = memory_alloc(memory_product(values, sizeof *lift->place));
	lift->member = memory_alloc(memory_product(values, sizeof *lift->member));
	for (uint32_t l = 0; l < levels; l++)
		group_level(lift, &scratch, (Value)start[l], (Value)start[l + 1]);
	free(start);
	free(scratch.keyed);
	nodemap_free(&scratch.found);
}

// An update rule, recorded at each of its params.
#include "tutor/model/recorder.h"

#include <string.h>

// ---- At one param

static bool state_line(Recorder *r, const RuleLine *line, Node param)
{
	double value;
	if (!record_number(r, line->value, &value))
		return false;
	if (r->options->setting_count)
		setting_find_state(r, param, tape_family_text(r->tape, line->family), &value);
	Node leaf = tape_leaf(r->tape, OP_STATE, value, false);
	tape_name_member(r->tape, leaf, param, line->family);
	array_reserve(r->model->state, r->model->state_count, r->model->state_capacity, 1);
	r->model->state[r->model->state_count++] = leaf;
	r->local[r->base + line->slot] = (Local){.node = leaf};
	return true;
}

static bool value_line(Recorder *r, const RuleLine *line, Node param)
{
	Node node = record_right_side(r, line->value);
	if (node == NODE_NONE)
		return false;
	if (line->kind == RULE_STEP) {
		tape_name_member(r->tape, node, param, line->family);
	} else {
		Node leaf = r->local[r->base + line->of].node;
		tape_name_next(r->tape, node, leaf);
		record_carry(r->model, leaf, node);
	}
	r->local[r->base + line->slot] = (Local){.node = node};
	return true;
}

static bool record_lines(Recorder *r, const Rule *rule, Node param, Node gradient)
{
	r->local[r->base + RULE_W] = (Local){.node = param};
	r->local[r->base + RULE_G] = (Local){.node = gradient};
	for (const RuleLine *line = rule->line; line; line = line->next)
		if (!(line->kind == RULE_STATE ? state_line : value_line)(r, line, param))
			return false;
	return true;
}

// ---- From param to param
//
// The first time a rule also records what is the same for all params; from the second on nothing but the param and its
// gradient changes (and what --set says of its states). So the second time is repeated for all others.

// What a rule recorded at a param.
typedef struct Recorded {
	Repeat nodes;              // put for one another: the param and its gradient
	size_t state, carry;       // the first of its states and carries in the model
	size_t states, carries, names;   // how many
	uint32_t times;            // that the rule was recorded
	bool repeats;              // what it recorded last can be repeated
} Recorded;

static bool record_rule(Recorder *r, const Rule *rule, Node param, Node gradient, Recorded *recorded)
{
	Model *model = r->model;
	size_t names = r->tape->names_count;
	*recorded = (Recorded){.nodes = {.first = (Node)r->tape->count, .from = {param, gradient}},
	                       .state = model->state_count, .carry = model->carry_count, .times = recorded->times + 1};
	if (!record_lines(r, rule, param, gradient))
		return false;
	recorded->nodes.end = (Node)r->tape->count;
	recorded->states = model->state_count - recorded->state;
	recorded->carries = model->carry_count - recorded->carry;
	recorded->names = r->tape->names_count - names;
	recorded->repeats = recorded->times > 1 && !r->options->setting_count && tape_can_repeat(r->tape, &recorded->nodes);
	return true;
}

static bool can_repeat(const Recorder *r, const Recorded *recorded)
{
	return recorded->repeats && r->tape->count + (recorded->nodes.end - recorded->nodes.first) <= r->limit;
}

// Room for what it will be repeated for, up to the limit, at once: arrays that grow are copied.
static void make_room(Recorder *r, const Recorded *recorded, size_t params)
{
	Model *model = r->model;
	size_t nodes = recorded->nodes.end - recorded->nodes.first, most = nodes ? (r->limit - r->tape->count) / nodes : 0;
	params = params < most ? params : most;
	tape_reserve(r->tape, params * nodes, params * recorded->names);
	array_reserve(model->state, model->state_count, model->state_capacity, params * recorded->states);
	array_reserve(model->carry, model->carry_count, model->carry_capacity, params * recorded->carries);
}

static void repeat_rule(Recorder *r, Node param, Node gradient, Recorded *recorded)
{
	Model *model = r->model;
	recorded->nodes.to[0] = param;
	recorded->nodes.to[1] = gradient;
	tape_repeat(r->tape, &recorded->nodes);
	array_reserve(model->state, model->state_count, model->state_capacity, recorded->states);
	for (size_t i = 0; i < recorded->states; i++)
		model->state[model->state_count++] = tape_repeated(&recorded->nodes, model->state[recorded->state + i]);
	for (size_t i = 0; i < recorded->carries; i++) {
		Carry carry = model->carry[recorded->carry + i];
		record_carry(model, tape_repeated(&recorded->nodes, carry.leaf), tape_repeated(&recorded->nodes, carry.next));
	}
}

void record_prepare(Recorder *r, const Rule *rule)
{
	r->cache = arena_array(&r->syntax->arena, Node, rule->cached);
	memset(r->cache, 0xFF, rule->cached * sizeof *r->cache);   // NODE_NONE
	for (RuleLine *line = rule->line; line; line = line->next) {
		const Symbol *name = record_symbol(r, line->symbol);
		line->family = tape_family(r->tape, name->name, name->length);
	}
}

// What is made for one param is wanted for no other: it need not be remembered.
bool record_rules(Recorder *r, const Rule *rule, bool rest, uint32_t update)
{
	bool well = true, paused = r->tape->memory_paused;
	Recorded recorded = {0};
	tape_pause_memory(r->tape, true);
	for (size_t i = 0; well && i < r->model->param_count; i++) {
		Node param = r->model->param[i], gradient = r->param_gradient[i];
		uint32_t taken = record_symbol(r, r->param_symbol[i])->update;
		if (taken != update && !(rest && taken == SYMBOL_NONE))
			continue;
		if (can_repeat(r, &recorded)) {
			repeat_rule(r, param, gradient, &recorded);
			continue;
		}
		well = record_rule(r, rule, param, gradient, &recorded);
		if (can_repeat(r, &recorded))
			make_room(r, &recorded, r->model->param_count - i);
	}
	tape_pause_memory(r->tape, paused);
	return well;
}

#include "tutor/command.h"
#include "tutor/io/json_writer.h"
#include "tutor/terminal.h"
#include "tutor/train/clock.h"
#include "tutor/train/plan.h"
#include "tutor/train/prepare.h"
#include "tutor/train/progress.h"

#include <stdio.h>
#include <string.h>

typedef struct Planned {
	Prepared prepared;
	Program *program;
	double lift_seconds;
	Plan plan;
} Planned;

static void planned_free(Planned *planned)
{
	plan_free(&planned->plan);
	program_delete(planned->program);
	prepared_free(&planned->prepared);
}

static void lift_model(Planned *planned)
{
	double before = clock_seconds();
	planned->program = plan_lift(&planned->prepared.model);
	planned->lift_seconds = clock_seconds() - before;
	plan_start(&planned->plan, &planned->prepared.model, planned->program);
}

static void write_json(const Planned *planned, Output *output)
{
	JsonWriter json = {.output = output};
	json_begin(&json, '{');
	json_key(&json, "scalar_operations"), json_whole(&json, (int64_t)planned->prepared.operations);
	json_key(&json, "vector_instructions"), json_whole(&json, (int64_t)planned->plan.count);
	json_key(&json, "record_seconds"), json_number(&json, planned->prepared.record_seconds);
	json_key(&json, "lift_seconds"), json_number(&json, planned->lift_seconds);
	json_key(&json, "lift_bytes"), json_whole(&json, (int64_t)planned->program->lift_bytes);
	json_key(&json, "instructions"), json_begin(&json, '[');
	for (size_t i = 0; i < planned->plan.count; i++) {
		const PlanLine *line = &planned->plan.line[i];
		json_begin(&json, '{');
		json_key(&json, "kind"), json_text(&json, line->kind);
		if (line->operation)
			json_key(&json, "operation"), json_text(&json, line->operation);
		json_key(&json, "rows"), json_whole(&json, line->rows);
		json_key(&json, "varies"), json_bool(&json, line->varies);
		json_key(&json, line->part ? "part_of" : "steps"), json_begin(&json, '[');
		for (size_t k = 0; k < line->steps; k++)
			json_text(&json, line->step[k]);
		json_end(&json, ']');
		json_key(&json, "what"), json_text(&json, line->what);
		json_end(&json, '}');
	}
	json_end(&json, ']');
	json_end(&json, '}');
	output_text(output, "\n");
}

static void write_text(const Planned *planned, bool utf8, Output *output)
{
	enum { COLUMN = 30 };
	char operations[WHOLE_TEXT];
	output_printf(output, "%s scalar operations%s%zu vector instructions\n",
	              whole_text(operations, (double)planned->prepared.operations),
	              utf8 ? " → " : " -> ", planned->plan.count);
	output_printf(output, "recorded in %.1f ms, lifted in %.1f ms\n\n",
	              1000 * planned->prepared.record_seconds, 1000 * planned->lift_seconds);
	for (size_t i = 0; i < planned->plan.count; i++) {
		const PlanLine *line = &planned->plan.line[i];
		Arena scratch = {0};
		output_printf(output, "%4zu  %-*s  %s\n", i + 1, COLUMN, plan_steps(line, &scratch),
		              plan_words(line, utf8, &scratch));
		arena_free(&scratch);
	}
}

static int run(Call *call, Error *error)
{
	Planned planned = {0};
	bool good = prepared_read(&planned.prepared, call->operands[0], call->options, false, error);
	if (good) {
		lift_model(&planned);
		if (call->options->json)
			write_json(&planned, call->output);
		else
			write_text(&planned, terminal_utf8() && !call->options->ascii, call->output);
	}
	planned_free(&planned);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_plan = {
	.name = "plan",
	.arguments = "MODEL",
	.summary = "what the tape is lifted to: vector instructions",
	.takes = TAKES(seed) | TAKES(set) | TAKES(json) | TAKES(ascii),
	.operands = {1, 1},
	.run = run,
	.help =
		"  tutor plan digits                          each instruction and the steps that it is\n"
		"  tutor plan net.model --set m=100           at another size\n"
		"  tutor plan net.model --json                for programs\n",
	.notes = "No data is needed. Instructions are counted before they are fused into tiles.\n",
};

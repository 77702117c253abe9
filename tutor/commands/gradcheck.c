#include "tutor/course/gradcheck.h"
#include "tutor/command.h"
#include "tutor/explain/derivation.h"
#include "tutor/load.h"
#include "tutor/render/digits.h"
#include "tutor/terminal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What one line of the table says: params of one family, or one param.
typedef struct Group {
	const char *name;
	size_t checked, total;
	double error;
	GradcheckVerdict verdict;
} Group;

static uint32_t family_of(const Model *model, Node param)
{
	return model->tape.names[model->tape.name[param]].a;
}

// The family of the `first` checked param; the params checked of it are those up to the result.
static size_t gather(const Model *model, const Gradcheck *check, size_t first, Group *group)
{
	uint32_t family = family_of(model, check->param[first].param);
	size_t i = first;
	*group = (Group){.name = tape_family_text(&model->tape, family), .error = NAN};
	for (size_t k = 0; k < model->param_count; k++)
		group->total += family_of(model, model->param[k]) == family;
	for (; i < check->count && family_of(model, check->param[i].param) == family; i++) {
		const GradcheckParam *param = &check->param[i];
		group->error = fmax(group->error, param->error);
		if (param->verdict > group->verdict)
			group->verdict = param->verdict;
	}
	group->checked = i - first;
	return i;
}

static int widest_name(const Model *model)
{
	size_t widest = strlen("family");
	for (size_t i = 0; i < model->param_count; i++) {
		const char *name = tape_family_text(&model->tape, family_of(model, model->param[i]));
		widest = strlen(name) > widest ? strlen(name) : widest;
	}
	return (int)widest;
}

// The error as it is printed: "-" where there is none.
static const char *error_text(char text[16], double error)
{
	snprintf(text, 16, isnan(error) ? "-" : "%.1e", error);
	return text;
}

static void print_group(Output *output, const Group *group, int width)
{
	char checked[48], error[16];
	if (group->checked == group->total)
		snprintf(checked, sizeof checked, "%zu", group->total);
	else
		snprintf(checked, sizeof checked, "%zu of %zu", group->checked, group->total);
	output_printf(output, "%-*s  %-10s  %8s  %s\n", width, group->name, checked,
	              error_text(error, group->error), gradcheck_text(group->verdict));
}

static void print_families(Output *output, const Model *model, const Gradcheck *check)
{
	int width = widest_name(model);
	output_printf(output, "%-*s  %-10s  %8s  %s\n", width, "family", "params", "error", "verdict");
	for (size_t i = 0; i < check->count;) {
		Group group;
		i = gather(model, check, i, &group);
		print_group(output, &group, width);
	}
}

static void print_param(Output *output, const Model *model, const GradcheckParam *param,
                        const Options *options)
{
	char recorded[DIGITS_SIZE], numeric[DIGITS_SIZE], error[32] = "";
	Arena arena = {0};
	digits_write(recorded, param->gradient, (int)options->digits);
	digits_write(numeric, param->numeric, (int)options->digits);
	if (!isnan(param->error))
		snprintf(error, sizeof error, ", error %.1e", param->error);
	output_printf(output, "%s: recorded %s, differences %s%s: %s\n",
	              quantity_text(quantity_of(&model->tape, param->param, 0, 1, &arena), &arena),
	              recorded, numeric, error, gradcheck_text(param->verdict));
	arena_free(&arena);
}

// Those that want a word: all with --verbose, else the ones that are not as they should be.
static void print_params(Output *output, const Model *model, const Gradcheck *check,
                         const Options *options)
{
	enum { FEW = 10 };
	size_t printed = 0;
	for (size_t i = 0; i < check->count; i++) {
		bool worth_it = check->param[i].verdict > GRADCHECK_FINE && printed < FEW;
		if (!options->verbose && !worth_it)
			continue;
		if (printed++ == 0)
			output_text(output, "\n");
		print_param(output, model, &check->param[i], options);
	}
}

static void print_result(Output *output, const Model *model, const Gradcheck *check)
{
	double error = NAN;
	size_t unmeasured = 0;
	for (size_t i = 0; i < check->count; i++) {
		error = fmax(error, check->param[i].error);
		unmeasured += isnan(check->param[i].error) ? 1 : 0;
	}
	output_printf(output, "%s: %zu of %zu params checked", gradcheck_failed(check->worst) ? "FAILED" : "passed",
	              check->count, model->param_count);
	if (!isnan(error))
		output_printf(output, ", largest relative error %.1e", error);
	if (unmeasured)
		output_printf(output, ", %zu without a difference to compare with", unmeasured);
	output_text(output, "\n");
}

static void show_progress(void *context, size_t done, size_t total)
{
	(void)context;
	if (done == total)
		fputs("\r                              \r", stderr);
	else if (total >= 100 && done % (total / 100) == 0)
		fprintf(stderr, "\r%zu of %zu params", done, total);
}

static int run(Call *call, Error *error)
{
	const Options *options = call->options;
	Model model = {0};
	Gradcheck check;
	if (!load_model(&model, call->operands[0], options, error))
		return STATUS_WRONG;
	if (!model.gradient) {
		error_set(error, "%s has no 'minimize': there is no gradient to check", call->operands[0]);
		model_free(&model);
		return STATUS_WRONG;
	}
	bool progress = terminal_is(2) && !options->quiet && !getenv("NO_COLOR");
	gradcheck_run(
		&check, &model,
		&(GradcheckOptions){.all = options->all, .progress = progress ? show_progress : NULL});
	int status = gradcheck_failed(check.worst) ? STATUS_NO : STATUS_DONE;
	if (!options->quiet) {
		print_families(call->output, &model, &check);
		print_params(call->output, &model, &check, options);
		output_text(call->output, "\n");
	}
	print_result(call->output, &model, &check);
	gradcheck_free(&check);
	model_free(&model);
	return status;
}

const Command command_gradcheck = {
	.name = "gradcheck",
	.arguments = "MODEL",
	.summary = "the recorded gradient against central differences",
	.takes = TAKES_MODEL | TAKES(example) | TAKES(all) | TAKES(verbose),
	.operands = {1, 1},
	.run = run,
	.help = "  tutor gradcheck mazur               each family of params\n"
			"  tutor gradcheck net.model -v        each param\n"
			"  tutor gradcheck net.model --data d.csv --all\n",
	.notes =
		"The error is |a - n|/max(|a|, |n|) of the recorded gradient a and the extrapolated\n"
		"difference quotient n, less what rounding explains. good: at most 1e-7; fine: at most\n"
		"1e-4; doubtful: at most 1e-2; wrong: more. Steps over a kink are not used; a param that\n"
		"stands on one cannot be checked. Large models: a sample of each family, unless --all.\n",
};

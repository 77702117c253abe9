// plan NAME …: what the tape is lifted to, as `tutor plan` says.
#include "tutor/lesson/directive.h"
#include "tutor/train/plan.h"

#include <string.h>

// Whether the step, "net[1..4,1..4]", is of a family named on the directive's line; all are where none is named.
static bool is_asked_for(const Directive *d, const char *step)
{
	for (size_t i = 0; i < d->count; i++) {
		size_t length = strlen(d->word[i]);
		if (strncmp(step, d->word[i], length) == 0 && (!step[length] || strchr("[+", step[length])))
			return true;
	}
	return d->count == 0;
}

static bool line_asked_for(const Directive *d, const PlanLine *line)
{
	bool asked = d->count == 0;
	for (size_t i = 0; i < line->steps && !asked; i++)
		asked = !line->part && is_asked_for(d, line->step[i]);
	return asked;
}

bool derive_plan(Directive *d)
{
	static const char *const head[] = {"steps", "as vector instructions"};
	Program *program = plan_lift(&d->model->model);
	Plan plan;
	plan_start(&plan, &d->model->model, program);
	size_t rows = 0;
	for (size_t i = 0; i < plan.count; i++)
		rows += line_asked_for(d, &plan.line[i]);
	if (rows) {
		Item *table = directive_table_add(d, rows + 1, 2);
		directive_put_head(d, table, head, sizeof head / sizeof *head);
		for (size_t i = 0, row = 0; i < plan.count; i++) {
			if (!line_asked_for(d, &plan.line[i]))
				continue;
			directive_put_text(d, table, ++row, 0, plan_steps(&plan.line[i], d->lesson->arena));
			directive_put_text(d, table, row, 1, plan_words(&plan.line[i], true, d->lesson->arena));
		}
	}
	plan_free(&plan);
	program_delete(program);
	return rows || directive_wrong(d, "no instruction of the plan gives that; see 'tutor plan'");
}

#include "tutor/command.h"
#include "tutor/explain/derivation.h"
#include "tutor/explain/graph.h"
#include "tutor/load.h"
#include "tutor/page.h"
#include "tutor/render/graph_picture.h"

static bool read_graph(Graph *graph, Model *model, Arena *arena, Error *error)
{
	Replay replay;
	Derivation derivation;
	model_start(model, &replay, 0, model->examples);
	replay_all(&replay);
	derivation_start(&derivation, model, &replay, &(DerivationOptions){.wrt = NODE_NONE});
	bool good = graph_read(graph, &derivation, arena, error);
	derivation_free(&derivation);
	replay_free(&replay);
	return good;
}

static const char form_names[] = "dot|svg";

static int run(Call *call, Error *error)
{
	const Options *options = call->options;
	int form = options_choice("format", options->format, form_names, error);
	TextStyle style = text_style(true, (int)options->digits, 0);
	Model model;
	Graph graph;
	Arena arena = {0};
	if (form < 0 || !load_model(&model, call->operands[0], options, error))
		return STATUS_WRONG;
	bool good = read_graph(&graph, &model, &arena, error);
	if (good && form == 0)
		graph_dot(call->output, &graph, &style);
	else if (good)
		good = graph_svg(call->output, &graph, &style, true, error);
	arena_free(&arena);
	model_free(&model);
	return good ? STATUS_DONE : STATUS_WRONG;
}

const Command command_graph = {
	.name = "graph", .arguments = "MODEL", .summary = "the computation graph with values and gradients",
	.forms = form_names,
	.takes = TAKES_MODEL | TAKES(format) | TAKES(example), .operands = {1, 1}, .run = run,
	.help = "  tutor graph mazur                            in Graphviz's language\n"
	        "  tutor graph mazur --format svg -o mazur.svg  as a picture (needs Graphviz's dot)\n"
	        "  tutor graph net.model | dot -Tpdf -o net.pdf by Graphviz itself\n",
};

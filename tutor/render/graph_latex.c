// A graph in LaTeX without packages, as charts are (chart_latex.c): lines as drawing operators of PDF, names and numbers
// set by LaTeX. In black and grey, for paper.
#include "tutor/render/digits.h"
#include "tutor/render/graph_layout.h"
#include "tutor/render/graph_picture.h"
#include "tutor/render/latex.h"

// In units of 1/72 inch: what a page of A4 has, and how far a picture may be made smaller.
enum { WIDTH = 450, HEIGHT = 560 };
static const double scale_least = 0.44;

typedef struct Picture {
	Output *output;
	const Graph *graph;
	const TextStyle *style;
	double scale, height;   // of the whole, when scaled
} Picture;

// LaTeX's letters, of which a picture takes the largest that are no higher than it has room for.
static const char *letters_of(double points)
{
	static const struct {
		double points;
		const char *command;
	} letters[] = {{10.9, "\\normalsize"}, {10, "\\small"}, {9, "\\footnotesize"}, {8, "\\scriptsize"}};
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		if (points >= letters[i].points)
			return letters[i].command;
	return "\\tiny";
}

static void put_place(const Picture *p, double x, double y)
{
	output_printf(p->output, "%.1f %.1f ", x * p->scale, p->height - y * p->scale);
}

static void put_edge(const Picture *p, const GraphEdge *edge)
{
	output_text(p->output, "\\put(0,0){\\plotdraw{q 0.5 G 0.5 w ");
	for (size_t i = 0; i < edge->count; i++) {
		put_place(p, edge->point[i].x, edge->point[i].y);
		output_text(p->output, i == 0 ? "m\n" : i % 3 == 0 ? "c\n" : "");
	}
	output_text(p->output, "S Q}}%\n");
}

static void put_words(const Picture *p, double x, double y, double points, const char *words)
{
	output_printf(p->output, "\\put(%.1f,%.1f){\\makebox[0pt]{%s$%s$}}%%\n", x * p->scale, p->height - y * p->scale,
	              letters_of(points * p->scale), words);
}

static void put_number(const Picture *p, double x, double y, double value)
{
	char digits[DIGITS_SIZE];
	Output words = {0};
	digits_write(digits, value, GRAPH_DIGITS);
	latex_number(&words, digits);
	put_words(p, x, y, 11, output_memory(&words));
	output_abandon(&words);
}

// What is given stands on grey, the loss in a thick frame.
static void put_frame(const Picture *p, const GraphNode *node, double left, double bottom, Point box)
{
	bool given = node->kind != GRAPH_STEP && node->kind != GRAPH_LOSS;
	output_printf(p->output, "\\put(0,0){\\plotdraw{q %s g 0.3 G %s w ", given ? "0.93" : "1",
	              node->kind == GRAPH_LOSS ? "1.2" : "0.5");
	put_place(p, left, bottom);
	output_printf(p->output, "%.1f %.1f re B Q}}%%\n", box.x * p->scale, box.y * p->scale);
}

static void put_node(const Picture *p, const GraphNode *node, Point center, Point box)
{
	double top = center.y - box.y / 2;
	Output name = {0};
	put_frame(p, node, center.x - box.x / 2, center.y + box.y / 2, box);
	latex_name(&name, node->name, p->style);
	put_words(p, center.x, top + GRAPH_NAME_LINE, 14, output_memory(&name));
	output_abandon(&name);
	if (graph_has_value(p->graph, node))
		put_number(p, center.x, top + GRAPH_NAME_LINE + GRAPH_NUMBER_LINE, node->value);
	if (graph_has_gradient(p->graph, node))
		put_number(p, center.x, top + GRAPH_NAME_LINE + 2 * GRAPH_NUMBER_LINE, node->gradient);
}

bool graph_latex(Output *output, const Graph *graph, const TextStyle *style)
{
	const GraphLayout *layout = graph->layout;
	if (!layout)
		return false;
	double wide = WIDTH / layout->width, high = HEIGHT / layout->height, scale = wide < high ? wide : high;
	Picture p = {output, graph, style, scale < 0.85 ? scale : 0.85, 0};
	if (p.scale < scale_least)
		return false;
	Arena arena = {0};
	const Point *box = graph_boxes(graph, style, &arena);
	p.height = layout->height * p.scale;
	output_printf(output, "\\setlength{\\unitlength}{1bp}\n\\begin{picture}(%.0f,%.0f)%%\n", layout->width * p.scale,
	              p.height);
	for (size_t i = 0; i < layout->edges; i++)
		put_edge(&p, &layout->edge[i]);
	for (size_t i = 0; i < graph->count; i++)
		put_node(&p, &graph->node[i], layout->center[i], box[i]);
	output_text(output, "\\end{picture}\n");
	arena_free(&arena);
	return true;
}

#include "tutor/render/graph_layout.h"

#include "tutor/io/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INCH = 72 };

static void write_dot(Output *dot, const Graph *graph, const Point *size)
{
	output_text(dot, "digraph g { rankdir=LR; nodesep=0.14; ranksep=0.42; ordering=out; edge [arrowhead=none]; node [shape=box, fixedsize=true, label=\"\"];\n");
	for (size_t i = 0; i < graph->count; i++)
		output_printf(dot, "n%zu [width=%.4f, height=%.4f];\n", i, size[i].x / INCH, size[i].y / INCH);
	for (size_t i = 0; i < graph->count; i++)
		for (size_t k = 0; k < graph->node[i].from_count; k++)
			output_printf(dot, "n%u -> n%zu;\n", (unsigned)graph->node[i].from[k], i);
	output_text(dot, "}\n");
}

// Runs `dot -Tplain` from one file to the other.
static bool run_dot(FILE *in, FILE *out)
{
	pid_t child = fork();
	if (child == 0) {
		if (dup2(fileno(in), 0) >= 0 && dup2(fileno(out), 1) >= 0 && freopen("/dev/null", "w", stderr))
			execlp("dot", "dot", "-Tplain", (char *)NULL);
		_exit(127);
	}
	int status = 0;
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static char *read_all(FILE *file, Arena *arena)
{
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	rewind(file);
	char *text = arena_alloc(arena, (size_t)(size > 0 ? size : 0) + 1);
	text[size > 0 ? fread(text, 1, (size_t)size, file) : 0] = '\0';
	return text;
}

static char *plain_layout(const Graph *graph, const Point *size, Arena *arena)
{
	Output dot = {0};
	write_dot(&dot, graph, size);
	FILE *in = tmpfile(), *out = tmpfile();
	char *plain = NULL;
	if (in && out && fwrite(output_memory(&dot), 1, dot.count, in) == dot.count && fflush(in) == 0) {
		rewind(in);
		plain = run_dot(in, out) ? read_all(out, arena) : NULL;
	}
	if (in)
		fclose(in);
	if (out)
		fclose(out);
	output_abandon(&dot);
	return plain;
}

// ---- What `dot -Tplain` says: lines of words, lengths in inches from the lower left corner.

static Point read_point(char **text, double height)
{
	double x = strtod(*text, text) * INCH, y = strtod(*text, text) * INCH;
	return (Point){x, height - y};
}

static void read_edge(GraphLayout *layout, char *line, Arena *arena)
{
	unsigned from, to;
	int size = 0;
	if (sscanf(line, "edge n%u n%u%n", &from, &to, &size) != 2)
		return;
	line += size;
	long count = strtol(line, &line, 10);
	Point *point = arena_array(arena, Point, (size_t)count);
	for (long i = 0; i < count; i++)
		point[i] = read_point(&line, layout->height);
	layout->edge[layout->edges++] = (GraphEdge){from, to, point, (size_t)count};
}

static void read_line(GraphLayout *layout, const Graph *graph, char *line, Arena *arena)
{
	unsigned node;
	int size = 0;
	double scale;
	if (sscanf(line, "graph %lf %lf %lf", &scale, &layout->width, &layout->height) == 3) {
		layout->width *= INCH;
		layout->height *= INCH;
	} else if (sscanf(line, "node n%u%n", &node, &size) == 1 && node < graph->count) {
		line += size;
		layout->center[node] = read_point(&line, layout->height);
	} else {
		read_edge(layout, line, arena);
	}
}

bool graph_layout(GraphLayout *layout, const Graph *graph, const Point *size, Arena *arena, Error *error)
{
	*layout = (GraphLayout){0};
	char *plain = plain_layout(graph, size, arena);
	if (!plain)
		return error_set(error, "the graph is laid out by Graphviz's 'dot', which is not installed or failed; "
		                        "'--format dot' needs none");
	size_t edges = 0;
	for (size_t i = 0; i < graph->count; i++)
		edges += graph->node[i].from_count;
	layout->center = arena_array(arena, Point, graph->count + 1);
	layout->edge = arena_array(arena, GraphEdge, edges + 1);
	for (char *save, *line = strtok_r(plain, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		read_line(layout, graph, line, arena);
	return layout->width > 0;
}

// A graph as a picture and as text for Graphviz.
#ifndef RENDER_GRAPH_PICTURE_H
#define RENDER_GRAPH_PICTURE_H

#include "tutor/explain/graph.h"
#include "tutor/render/equation.h"

// Finds where the graph's boxes stand, so that it can be drawn more than once. False as graph_svg.
bool graph_place(Graph *graph, const TextStyle *style, Arena *arena, Error *error);

// A picture environment as wide as the page or narrower; wants \plotdraw of chart_latex_preamble. False where nothing is
// written: the graph has no place yet, or would be too small to be read.
bool graph_latex(Output *output, const Graph *graph, const TextStyle *style);

// A flowchart in Mermaid's language, which GitHub and GitLab draw where it stands in Markdown.
void graph_mermaid(Output *output, const Graph *graph, const TextStyle *style);

// A picture in SVG, as an element within a page or (alone) as a file of its own. False and `error` where there is no
// `dot` to lay it out.
bool graph_svg(Output *output, const Graph *graph, const TextStyle *style, bool alone, Error *error);

// The graph in Graphviz's language, with names, values and gradients.
void graph_dot(Output *output, const Graph *graph, const TextStyle *style);

#endif

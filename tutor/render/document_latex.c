// Documents in LaTeX: pdflatex with amsmath makes a paper of them.
#include "tutor/render/chart.h"
#include "tutor/render/graph_picture.h"
#include "tutor/render/latex.h"
#include "tutor/render/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char preamble[] =
    "\\documentclass[11pt,a4paper]{article}\n"
    "\\usepackage[utf8]{inputenc}\n"
    "\\usepackage{amsmath}\n"
    "\\setlength{\\oddsidemargin}{0pt}\\setlength{\\textwidth}{\\paperwidth}\\addtolength{\\textwidth}{-2in}\n"
    "\\setlength{\\topmargin}{-0.6in}\\setlength{\\textheight}{\\paperheight}\\addtolength{\\textheight}{-2.1in}\n"
    "\\setlength{\\parindent}{0pt}\\setlength{\\parskip}{1ex plus 0.4ex}\n"
    "\\newcommand{\\address}[1]{{\\small\\ttfamily #1}}\n"
    "\\renewcommand{\\labelitemi}{$\\bullet$}\\renewcommand{\\labelitemii}{$\\circ$}\n"
    "\\allowdisplaybreaks\\addtolength{\\jot}{2pt}\n"
    "\\sloppy\n";

static void latex_start(Writer *writer)
{
	output_text(writer->output, preamble);
	output_text(writer->output, chart_latex_preamble);
	output_text(writer->output, "\\begin{document}\n");
}

// ---- Sentences

// An address, a file's name or a call may be broken behind what joins its parts.
static void put_address(Output *output, const char *address)
{
	Arena arena = {0};
	while (*address) {
		size_t size = strcspn(address, "/.-_:");
		bool joined = address[size] != '\0';
		latex_text(output, arena_copy(&arena, address, size + joined));
		output_text(output, joined ? "\\allowbreak{}" : "");
		address += size + joined;
	}
	arena_free(&arena);
}

static void put_run(Output *output, const Run *run, const TextStyle *style)
{
	Notation notation = style_notation(style, &markup_latex, 0);
	switch (run->kind) {
	case RUN_NAME:
	case RUN_VALUE:
		output_text(output, "$");
		if (run->kind == RUN_NAME)
			latex_name(output, run->name, style);
		else
			notation_value(output, run->value, &notation);
		output_text(output, "$");
		return;
	case RUN_PRINTED:
		output_text(output, "$");
		latex_number(output, run->text);
		output_text(output, "$");
		return;
	case RUN_BREAK:
		output_text(output, "\\newline ");
		return;
	case RUN_CODE:
		output_text(output, "\\texttt{");
		put_address(output, run->text);
		output_text(output, "}");
		return;
	case RUN_EMPHASIS:
	case RUN_STRONG:
		output_text(output, run->kind == RUN_STRONG ? "\\textbf{" : "\\emph{");
		latex_text(output, run->text);
		output_text(output, "}");
		return;
	case RUN_LINK:
	case RUN_TEXT:
		latex_text(output, run->text);
	}
	if (run->kind == RUN_LINK && strcmp(run->text, run->target) != 0) {
		output_text(output, "\\footnote{\\address{");
		put_address(output, run->target);
		output_text(output, "}}");
	}
}

static void put_runs(Output *output, const Item *item, const TextStyle *style)
{
	for (const Run *run = item->run; run; run = run->next)
		put_run(output, run, style);
}

static void put_heading(Output *output, const Item *item, const TextStyle *style)
{
	static const char *const before[] = {"\\begin{center}\\Large\\bfseries ", "\\section*{", "\\subsection*{",
	                                     "\\subsubsection*{"};
	int level = item->level < 1 ? 1 : item->level < 4 ? item->level : 4;
	output_text(output, before[level - 1]);
	put_runs(output, item, style);
	output_text(output, level == 1 ? "\\end{center}\n" : "}\n");
}

// ---- Tables: values stand with their decimal points in line, in two columns without a gap.

enum { WIDE_COLUMN = 28, PAPER_COLUMNS = 84, PAGE_ROWS = 40 };

static bool is_number(const Item *table, size_t column)
{
	for (size_t row = 1; row < table->rows; row++) {
		const Cell *cell = &table->cell[row * table->columns + column];
		if (cell->kind != CELL_VALUES || cell->count != 1)
			return false;
	}
	return table->rows > 1;
}

static size_t cell_columns(const Cell *cell, const TextStyle *style)
{
	Output memory = {0};
	Notation width = style_notation(style, &markup_width, 0);
	width.slashed = true;
	if (cell->kind == CELL_TEXT)
		return notation_columns(cell->text, strlen(cell->text));
	for (size_t i = 0; i < cell->count; i++) {
		output_text(&memory, i ? "  " : "");
		if (cell->kind == CELL_NAMES)
			notation_quantity(&memory, cell->name[i], &width);
		else
			notation_value(&memory, cell->value[i], &width);
	}
	size_t columns = memory.count;
	output_abandon(&memory);
	return columns;
}

static size_t widest(const Item *table, size_t column, const TextStyle *style)
{
	size_t most = 0;
	for (size_t i = column; i < table->rows * table->columns; i += table->columns) {
		size_t columns = cell_columns(&table->cell[i], style);
		most = columns > most ? columns : most;
	}
	return most;
}

// A table that is too wide has its widest columns filled as paragraphs, each with its share of what is left.
static void put_columns(Output *output, const Item *table, const TextStyle *style)
{
	size_t wide = 0, narrow = 0;
	for (size_t i = 0; i < table->columns; i++) {
		size_t columns = widest(table, i, style) + 3;
		*(columns > WIDE_COLUMN ? &wide : &narrow) += columns;
	}
	for (size_t i = 0; i < table->columns; i++) {
		size_t columns = widest(table, i, style) + 3;
		if (is_number(table, i))
			output_text(output, "r@{}l");
		else if (columns <= WIDE_COLUMN || wide + narrow <= PAPER_COLUMNS || narrow > PAPER_COLUMNS / 2)
			output_text(output, "l");
		else
			output_printf(output, "p{%.3f\\textwidth}", 0.96 * (double)(PAPER_COLUMNS - narrow) / PAPER_COLUMNS *
			              (double)columns / (double)wide);
	}
}

static void put_cell(Output *output, const Cell *cell, const TextStyle *style)
{
	Notation notation = style_notation(style, &markup_latex, 0);
	notation.digits = cell->digits ? cell->digits : style->digits;
	output_text(output, cell->kind == CELL_TEXT || cell->count > 1 ? "\\raggedright " : "");
	if (cell->kind == CELL_TEXT)
		latex_text(output, cell->text);
	for (size_t i = 0; i < cell->count; i++) {
		output_text(output, i ? ", $" : "$");
		if (cell->kind == CELL_NAMES)
			latex_name(output, cell->name[i], style);
		else
			notation_value(output, cell->value[i], &notation);
		output_text(output, "$");
	}
}

static void put_split(Output *output, const Cell *cell, const TextStyle *style)
{
	Output memory = {0};
	put_cell(&memory, cell, style);
	const char *text = output_memory(&memory);
	size_t whole = strcspn(text, ".");
	if (text[whole])
		output_printf(output, "%.*s$ & $%s", (int)whole, text, text + whole);
	else
		output_printf(output, "%s &", text);
	output_abandon(&memory);
}

static void put_table_row(Output *output, const Item *table, size_t row, const TextStyle *style)
{
	for (size_t column = 0; column < table->columns; column++) {
		const Cell *cell = &table->cell[row * table->columns + column];
		bool number = is_number(table, column);
		output_text(output, column ? " & " : "");
		if (number && row)
			put_split(output, cell, style);
		output_text(output, number && !row ? "\\multicolumn{2}{c}{" : "");
		if (!(number && row))
			put_cell(output, cell, style);
		output_text(output, number && !row ? "}" : "");
	}
	output_text(output, row ? " \\tabularnewline\n" : " \\tabularnewline \\hline\\noalign{\\vskip 3pt}\n");
}

// A tabular goes on no further page: a long table is several, each with the head.
static void put_table(Output *output, const Item *table, const TextStyle *style)
{
	output_text(output, "\\begin{center}\\small\n");
	for (size_t row = 1; row == 1 || row < table->rows; row++) {
		bool first = row % PAGE_ROWS == 1, last = row % PAGE_ROWS == 0 || row + 1 >= table->rows;
		if (first) {
			output_text(output, row == 1 ? "\\begin{tabular}{" : "\n\\begin{tabular}{");
			put_columns(output, table, style);
			output_text(output, "}\n");
			put_table_row(output, table, 0, style);
		}
		if (row < table->rows)
			put_table_row(output, table, row, style);
		output_text(output, last ? "\\end{tabular}\n" : "");
	}
	output_text(output, "\\end{center}\n");
}

// ---- Items

// The largest letters in which the longest line is not too wide.
static const char *size_for(size_t longest)
{
	return longest <= 85 ? "small" : longest <= 94 ? "footnotesize" : longest <= 105 ? "scriptsize" : "tiny";
}

// Text as it stands, but for what its font lacks; in a box that no page breaks if it is short enough for one.
static void latex_code(Writer *writer, const Item *item)
{
	enum { PAGE_LINES = 45 };
	Output *output = writer->output;
	size_t lines = 0, longest = 0;
	for (const char *text = item->text; *text; lines++) {
		size_t size = strcspn(text, "\n");
		longest = size > longest ? size : longest;
		text += size + (text[size] == '\n');
	}
	bool boxed = lines <= PAGE_LINES;
	output_text(output, boxed ? "\\par\\medskip\\begin{minipage}{\\linewidth}" : "{");
	output_printf(output, "\\%s\\begin{verbatim}\n", size_for(longest));
	for (const char *text = item->text; *text; text++)
		if ((unsigned char)*text < 0x80)
			output_bytes(output, text, 1);
		else if (((unsigned char)*text & 0xC0) == 0xC0)
			output_text(output, "?");
	output_text(output, boxed ? "\\end{verbatim}\n\\end{minipage}\\par\\medskip\n" : "\\end{verbatim}}\n");
}

static void close_lists(Writer *writer, int depth)
{
	for (; writer->depth > depth; writer->depth--)
		output_printf(writer->output, "\\end{%s}\n",
		              writer->list[writer->depth - 1] == '1' ? "enumerate" : "itemize");
}

static void latex_point(Writer *writer, const Item *item)
{
	int depth = item->level < 1 ? 1 : item->level > 4 ? 4 : item->level;
	close_lists(writer, depth);
	for (; writer->depth < depth; writer->depth++) {
		writer->list[writer->depth] = item->number ? '1' : '-';
		output_printf(writer->output, "\\begin{%s}\n", item->number ? "enumerate" : "itemize");
	}
	output_text(writer->output, "\\item ");
	put_runs(writer->output, item, &writer->style);
	output_text(writer->output, "\n");
}

static void close_equations(Writer *writer)
{
	latex_group_end(writer, "\n\\end{align*}\n");
}

static void latex_chart(Writer *writer, const Item *item)
{
	output_text(writer->output, "\\begin{center}\n");
	chart_latex(writer->output, item->chart, &writer->style);
	output_text(writer->output, "\\par\\nopagebreak\\smallskip\\begin{minipage}{0.85\\textwidth}\\centering\\small ");
	put_runs(writer->output, item, &writer->style);
	output_text(writer->output, "\\end{minipage}\n\\end{center}\n");
}

static void latex_graph(Writer *writer, const Item *item)
{
	Output picture = {0};
	if (graph_latex(&picture, item->graph, &writer->style))
		output_printf(writer->output, "\\begin{center}\n%s\\end{center}\n", output_memory(&picture));
	output_abandon(&picture);
}

static void latex_heading(Writer *writer, const Item *item)
{
	close_lists(writer, 0);
	put_heading(writer->output, item, &writer->style);
}

static void latex_paragraph(Writer *writer, const Item *item)
{
	output_text(writer->output, "\n");
	put_runs(writer->output, item, &writer->style);
	output_text(writer->output, "\n");
}

static void latex_quote(Writer *writer, const Item *item)
{
	output_text(writer->output, "\n\\begin{quote}\n");
	put_runs(writer->output, item, &writer->style);
	output_text(writer->output, "\\end{quote}\n");
}

// Behind a paragraph formulas are part of it. Elsewhere TeX begins one for them, with an empty line.
static void latex_align(Writer *writer, const Item *item)
{
	if (!writer->open && writer->before != ITEM_PARAGRAPH)
		output_text(writer->output, "\\vspace{-\\baselineskip}\n");
	latex_group(writer, item, "\\begin{align*}\n", true);
}

static void latex_calculation(Writer *writer, const Item *item)
{
	Output memory = {0};
	equation_calculation(&memory, &item->row, &writer->style);
	output_text(writer->output, "\n{\\leftskip=2em\\small\\texttt{");
	put_address(writer->output, output_memory(&memory));
	output_text(writer->output, "}\\par}\n");
	output_abandon(&memory);
}

static void latex_table(Writer *writer, const Item *item)
{
	put_table(writer->output, item, &writer->style);
}

static void latex_rule(Writer *writer, const Item *item)
{
	(void)item;
	output_text(writer->output, "\\begin{center}\\rule{0.4\\textwidth}{0.4pt}\\end{center}\n");
}

static void latex_space(Writer *writer, const Item *item)
{
	output_printf(writer->output, "\\par\\nopagebreak\\vspace*{%d\\baselineskip}\\penalty0\n", item->number);
}

static void latex_before(Writer *writer, const Item *item)
{
	if (item->kind != ITEM_EQUATION)
		close_equations(writer);
	if (item->kind != ITEM_POINT && item->level == 0)
		close_lists(writer, 0);
}

static void latex_end(Writer *writer)
{
	close_equations(writer);
	close_lists(writer, 0);
	output_text(writer->output, "\\end{document}\n");
}

const Format format_latex = {
    .name = "latex", .page = true, .open_graphs = true, .start = latex_start, .before = latex_before, .end = latex_end,
    .put = {[ITEM_HEADING] = latex_heading, [ITEM_PARAGRAPH] = latex_paragraph, [ITEM_POINT] = latex_point,
            [ITEM_QUOTE] = latex_quote, [ITEM_CODE] = latex_code, [ITEM_EQUATION] = latex_align,
            [ITEM_CALCULATION] = latex_calculation, [ITEM_TABLE] = latex_table, [ITEM_RULE] = latex_rule,
            [ITEM_SPACE] = latex_space, [ITEM_CHART] = latex_chart,
            [ITEM_GRAPH] = latex_graph},
};

#include "tutor/render/writer.h"

const Format *const formats[] = {
#define FORMAT(name) &format_##name,
#include "tutor/render/formats.def"
#undef FORMAT
    NULL,
};

static const char all_names[] = ""
#define FORMAT(name) "|" #name
#include "tutor/render/formats.def"
#undef FORMAT
    ;
const char *const format_names = all_names + 1;

void writer_start(Writer *writer, const Format *format, Output *output, const TextStyle *style, const char *title)
{
	*writer = (Writer){.format = format, .output = output, .style = *style, .title = title};
	writer->style.unicode |= format->page;
	if (format->start)
		format->start(writer);
}

static bool leaves_out(const Format *format, const Item *item)
{
	return !format->put[item->kind] || (item->kind == ITEM_GRAPH && format->open_graphs &&
	                                    !(item->graph->open && graph_is_drawn(item->graph)));
}

void writer_item(Writer *writer, const Item *item)
{
	const Format *format = writer->format;
	if (leaves_out(format, item))
		return;
	if (format->before)
		format->before(writer, item);
	format->put[item->kind](writer, item);
	writer->begun = true;
	writer->before = item->kind;
}

void writer_end(Writer *writer)
{
	if (writer->format->end)
		writer->format->end(writer);
}

void writer_document(const Document *document, const Format *format, Output *output, const TextStyle *style,
                     const char *title)
{
	Writer writer;
	writer_start(&writer, format, output, style, title);
	for (const Item *item = document->first; item; item = item->next)
		writer_item(&writer, item);
	writer_end(&writer);
}

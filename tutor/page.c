#include "tutor/page.h"

#include "tutor/terminal.h"

#include <stdio.h>
#include <string.h>

// --notation d,cross: words that change the style.
static bool read_notation(Page *page, const char *words, Error *error)
{
	for (const char *word = words; word && *word;) {
		size_t size = strcspn(word, ",");
		if (size == 1 && *word == 'd')
			page->style.upright = true;
		else if (size == 5 && memcmp(word, "cross", size) == 0)
			page->style.cross = true;
		else if (size == 5 && memcmp(word, "delta", size) == 0)
			page->delta = true;
		else
			return error_set(error, "--notation takes d (for ∂), cross (× for ·) and delta (a step's delta for the "
			                        "chain), not '%.*s'", (int)size, word);
		word += size + (word[size] == ',');
	}
	return true;
}

const char *page_notation(const Page *page, Arena *arena)
{
	const TextStyle *style = &page->style;
	if (!style->upright && !style->cross && !page->delta)
		return NULL;
	const char *said[] = {style->upright ? "d stands for ∂" : NULL, style->cross ? "× stands for ·" : NULL,
	                      page->delta ? "a gradient is the gradient one step on (its delta) times one local partial" : NULL};
	const char *text = "Notation";
	for (size_t i = 0, count = 0; i < sizeof said / sizeof *said; i++)
		if (said[i])
			text = arena_printf(arena, "%s%s %s", text, count++ ? ";" : ":", said[i]);
	return arena_printf(arena, "%s.", text);
}

static void say_notation(const Page *page, Document *document)
{
	const char *notation = page_notation(page, &document->arena);
	if (notation)
		document_say(document, ITEM_PARAGRAPH, notation);
}

void page_write(const Page *page, Document *document, Output *output, const char *title)
{
	say_notation(page, document);
	writer_document(document, page->format, output, &page->style, title);
}

void page_begin(const Page *page, Writer *writer, Output *output, const char *title)
{
	writer_start(writer, page->format, output, &page->style, title);
}

void page_piece(Writer *writer, Document *document)
{
	for (const Item *item = document->first; item; item = item->next)
		writer_item(writer, item);
	document->first = document->last = NULL;
	arena_reset(&document->arena);
}

void page_end(const Page *page, Writer *writer, Document *document)
{
	say_notation(page, document);
	page_piece(writer, document);
	writer_end(writer);
}

bool page_read(Page *page, const Options *options, const char *others, Error *error)
{
	char names[128];
	snprintf(names, sizeof names, others ? "%s|%s" : "%s", format_names, others);
	int choice = options_choice("format", options->format, names, error), count = 0;
	while (formats[count])
		count++;
	*page = (Page){.other = choice - count};
	page->format = choice >= 0 && choice < count ? formats[choice] : NULL;
	page->style = text_style(terminal_utf8() && !options->ascii, (int)options->digits,
	                         (uint32_t)terminal_width((int)options->width));
	return choice >= 0 && read_notation(page, options->notation, error);
}

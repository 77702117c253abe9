#include "tutor/render/items.h"

#include <string.h>

Item *document_add(Document *document, ItemKind kind)
{
	Item *item = arena_new(&document->arena, Item);
	item->kind = kind;
	if (document->last)
		document->last->next = item;
	else
		document->first = item;
	return document->last = item;
}

Item *document_say(Document *document, ItemKind kind, const char *text)
{
	Item *item = document_add(document, kind);
	item->run = arena_new(&document->arena, Run);
	item->run->text = arena_copy(&document->arena, text, strlen(text));
	return item;
}

Run *document_run(Document *document, Item *item, RunKind kind, const char *text)
{
	Run *run = arena_new(&document->arena, Run), **last = &item->run;
	while (*last)
		last = &(*last)->next;
	run->kind = kind;
	run->text = arena_copy(&document->arena, text, strlen(text));
	return *last = run;
}

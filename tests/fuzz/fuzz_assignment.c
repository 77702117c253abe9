// The folder of an assignment and the roster, as strangers may have written them: the first byte
// says which file the rest is, the others are as they should be.
#include "tutor/course/assignment.h"
#include "tutor/course/roster.h"
#include "tutor/io/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAC "203a592f934662569fc5e498b28a1bba9cf9e0b708843519d7654858587a7640"

static const struct {
	const char *name, *text;
} files[] = {
	{"assignment.csv", "key,value\nformat,1\ntitle,t\nmodel,m\nsignificant,4\nseed,1\nset:c,2\n"
                       "question,h\nquestion,formula:dE/dw\nquestion,find:1\nmac," MAC "\n"},
	{"points.csv", "name,points\nh,1\n"},
	{"variants.csv", "id,file,name,w,x,find:1,mac\na,001-a,A,0.5,0.25," MAC "," MAC "\n"},
	{"model.model", "input x = 0.3\nparam w = 0.5\nconst c = 1\nh = c*w*x\nE = h^2\nminimize E\n"},
};
// The model itself has a fuzzer of its own.
enum { FILES = sizeof files / sizeof *files, VARIED = FILES - 1 };

static char folder[64];

static void write_file(const char *name, const char *bytes, size_t size)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
		abort();
}

static void start(void)
{
	snprintf(folder, sizeof folder, "/dev/shm/fuzz-assignment-XXXXXX");
	if (!mkdtemp(folder))
		abort();
	for (size_t i = 0; i < FILES; i++)
		write_file(files[i].name, files[i].text, strlen(files[i].text));
}

static void read_roster(const char *text, size_t size)
{
	Roster roster;
	Error error = {0};
	if (roster_read(&roster, "r", text, size, &error))
		roster_free(&roster);
}

static void read_folder(void)
{
	Assignment a;
	Model model;
	Error error = {0};
	if (!assignment_read(&a, folder, &error))
		return;
	for (size_t i = 0; i < a.variants && i < 2; i++)
		if (assignment_model(&a, &a.variant[i], &model, &error))
			model_free(&model);
	assignment_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!*folder)
		start();
	if (!size || size > 4000)
		return 0;
	size_t which = data[0] % (VARIED + 1);
	char *text = malloc(size);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (which == VARIED) {
		read_roster(text, size - 1);
	} else {
		write_file(files[which].name, text, size - 1);
		read_folder();
		write_file(files[which].name, files[which].text, strlen(files[which].text));
	}
	free(text);
	return 0;
}

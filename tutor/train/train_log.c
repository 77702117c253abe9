#include "tutor/train/train_log.h"

#include "core/arena.h"
#include "tutor/io/csv_writer.h"
#include "tutor/io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool cannot_write(const TrainLog *log, Error *error)
{
	return error_set(error, "cannot write '%s': %s", log->path, strerror(errno));
}

static bool write_all(TrainLog *log, const char *bytes, size_t size, Error *error)
{
	while (size) {
		ssize_t written = write(log->descriptor, bytes, size);
		if (written < 0 && errno != EINTR)
			return cannot_write(log, error);
		bytes += written > 0 ? written : 0;
		size -= written > 0 ? (size_t)written : 0;
	}
	return true;
}

static void write_column(CsvWriter *csv, const char *format, const char *name)
{
	Arena arena = {0};
	csv_writer_text(csv, arena_printf(&arena, format, name));
	arena_free(&arena);
}

static void write_header(const TrainLog *log, Output *output)
{
	static const char *const columns[] = {"step",     "epoch",         "loss",          "test_loss",
	                                      "accuracy", "test_accuracy", "gradient_norm", "seconds"};
	CsvWriter csv = {.output = output};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		csv_writer_text(&csv, columns[i]);
	for (size_t i = 0; log->norms->details && i < log->norms->families; i++) {
		write_column(&csv, "gradient_norm[%s]", log->norms->family[i].name);
		write_column(&csv, "update_ratio[%s]", log->norms->family[i].name);
	}
	if (log->norms->details) {
		csv_writer_text(&csv, "dead_relus");
		csv_writer_text(&csv, "saturated");
	}
	csv_writer_end_row(&csv);
}

// The bytes of an earlier log up to the update `from`; 0 where the file is no such log.
static size_t bytes_kept(const char *path, const char *header, uint64_t from)
{
	Input input;
	Error none = {0};
	size_t kept = 0;
	if (!from || !input_read(&input, path, &none))
		return 0;
	if (strncmp(input.text, header, strlen(header)) == 0)
		kept = strlen(header);
	for (const char *end; kept && (end = strchr(input.text + kept, '\n'));) {
		if (strtoull(input.text + kept, NULL, 10) > from)
			break;
		kept = (size_t)(end - input.text) + 1;
	}
	input_free(&input);
	return kept;
}

static bool start_file(TrainLog *log, const char *header, uint64_t from, Error *error)
{
	bool standard = strcmp(log->path, "-") == 0;
	size_t kept = standard ? 0 : bytes_kept(log->path, header, from);
	int how = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (kept ? 0 : O_TRUNC);
	log->descriptor = standard ? dup(STDOUT_FILENO) : open(log->path, how, 0666);
	if (log->descriptor < 0 || (kept && ftruncate(log->descriptor, (off_t)kept) != 0))
		return cannot_write(log, error);
	return kept || write_all(log, header, strlen(header), error);
}

bool train_log_open(TrainLog *log, const char *path, uint64_t from, const Norms *norms,
                    Error *error)
{
	Output header = {0};
	*log = (TrainLog){.path = path, .descriptor = -1, .norms = norms};
	if (!path)
		return true;
	write_header(log, &header);
	bool good = start_file(log, output_memory(&header), from, error);
	output_abandon(&header);
	return good;
}

static void write_number(CsvWriter *csv, double value)
{
	if (isnan(value))
		csv_writer_text(csv, "");
	else
		csv_writer_number(csv, value);
}

static void write_norms(CsvWriter *csv, const Norms *norms)
{
	for (size_t i = 0; i < norms->families; i++) {
		write_number(csv, norms->family[i].gradient);
		write_number(csv, norms->family[i].step / norms->family[i].weight);
	}
	write_number(csv, norms->dead);
	write_number(csv, norms->saturation);
}

bool train_log_row(TrainLog *log, const EpochReport *report, Error *error)
{
	if (!log->path)
		return true;
	Output row = {0};
	CsvWriter csv = {.output = &row};
	csv_writer_whole(&csv, (int64_t)report->step);
	csv_writer_whole(&csv, (int64_t)report->epoch);
	write_number(&csv, report->loss);
	write_number(&csv, report->test_loss);
	write_number(&csv, report->accuracy);
	write_number(&csv, report->test_accuracy);
	write_number(&csv, report->gradient_norm);
	write_number(&csv, report->seconds);
	if (log->norms->details)
		write_norms(&csv, log->norms);
	csv_writer_end_row(&csv);
	bool good = write_all(log, row.bytes, row.count, error);
	output_abandon(&row);
	return good;
}

void train_log_close(TrainLog *log)
{
	if (log->path && log->descriptor >= 0)
		close(log->descriptor);
	*log = (TrainLog){0};
}

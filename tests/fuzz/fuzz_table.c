// Any bytes as a CSV table: no fault, and each error has a place within the text.
#include "tutor/io/table.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	Table table;
	Error error = {0};
	double value;
	if (!table_read(&table, "fuzz", (const char *)data, size, 0, size, 0, &error)) {
		if (!error.set || error.line < 1 || error.column < 1)
			abort();
		return 0;
	}
	for (size_t row = 0; row < table.rows; row++)
		for (size_t column = 0; column < table.columns; column++) {
			error = (Error){0};
			table_number(&table, row, column, &value, &error);
		}
	table_free(&table);
	return 0;
}

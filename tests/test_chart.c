// Charts as data: ticks, places, contour lines. What is drawn is looked at by tests/plots.sh.
#include "tests/suite.h"
#include "tutor/render/chart.h"
#include "tutor/render/contour.h"

#include <math.h>
#include <string.h>

enum { SIDE = 41 };

// The chart of one series, fitted.
static Chart fitted(ChartSeries *series, const double *x, const double *y, size_t count, bool logarithmic)
{
	*series = (ChartSeries){.x = x, .y = y, .count = count};
	Chart chart = {.series = series, .count = 1, .y.logarithmic = logarithmic};
	chart_fit(&chart);
	return chart;
}

START_TEST(ticks_are_round_numbers_within_the_axis)
{
	static const double ranges[][2] = {{0, 1}, {-3, 7}, {0.001, 0.0011}, {-1e-9, 1e9}, {5, 5}, {0, 0}, {-1e300, 1e300}};
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
		ChartSeries series;
		double x[] = {0, 1};
		Chart chart = fitted(&series, x, ranges[i], 2, false);
		ck_assert_uint_ge(chart.y.ticks, 2);
		double slack = 1e-9 * (chart.y.high - chart.y.low);
		ck_assert(chart.y.low <= ranges[i][0] + slack && chart.y.high >= ranges[i][1] - slack);
		for (size_t k = 0; k < chart.y.ticks; k++) {
			double place = chart_place(&chart.y, chart.y.tick[k]);
			ck_assert(place > -0.001 && place < 1.001);
			if (k > 1)
				ck_assert_double_eq_tol(chart.y.tick[k] - chart.y.tick[k - 1], chart.y.tick[1] - chart.y.tick[0],
				                        1e-9 * fabs(chart.y.tick[1] - chart.y.tick[0]));
		}
	}
}
END_TEST

START_TEST(powers_on_a_logarithmic_axis)
{
	ChartSeries series;
	double x[] = {0, 1, 2, 3}, y[] = {1e-6, 0, -3, 100};
	Chart chart = fitted(&series, x, y, 4, true);
	ck_assert(chart.y.low <= 1e-6 && chart.y.low > 1e-7);
	for (size_t k = 0; k < chart.y.ticks; k++)
		ck_assert_double_eq_tol(log10(chart.y.tick[k]), round(log10(chart.y.tick[k])), 1e-12);
	ck_assert(isnan(chart_place(&chart.y, 0)) && isnan(chart_place(&chart.y, -1)));
	ck_assert_double_eq_tol(chart_value(&chart.y, chart_place(&chart.y, 0.01)), 0.01, 1e-12);
}
END_TEST

START_TEST(what_is_no_number_is_left_out)
{
	ChartSeries series;
	double x[] = {0, NAN, 2}, y[] = {INFINITY, 1, NAN};
	Chart chart = fitted(&series, x, y, 3, false);
	ck_assert(isfinite(chart.x.low) && isfinite(chart.x.high) && isfinite(chart.y.low) && isfinite(chart.y.high));
	Output output = {0};
	TextStyle style = text_style(false, 9, 40);
	chart_text(&output, &chart, &style);
	chart_svg(&output, &chart, &style, true);
	chart_latex(&output, &chart, &style);
	ck_assert_ptr_null(strstr(output_memory(&output), "nan"));
	ck_assert_ptr_null(strstr(output_memory(&output), "inf"));
	output_abandon(&output);
}
END_TEST

static void fill(double *height, double (*of)(double, double))
{
	for (size_t i = 0; i < SIDE * SIDE; i++)
		height[i] = of((double)(i % SIDE) / (SIDE - 1) * 4 - 2, (double)(i / SIDE) / (SIDE - 1) * 4 - 2);
}

static double bowl(double x, double y)
{
	return x * x + y * y;
}

static double saddle(double x, double y)
{
	return x * x - y * y;
}

// Every place of every line is as high as the level; counts the lines, and those that are rings.
static void look_at(double (*of)(double, double), double level, size_t *lines, size_t *rings)
{
	double height[SIDE * SIDE];
	Arena arena = {0};
	fill(height, of);
	*lines = *rings = 0;
	for (ContourLine *line = contour_lines(height, SIDE, SIDE, level, &arena); line; line = line->next) {
		++*lines;
		*rings += line->x[0] == line->x[line->count - 1] && line->y[0] == line->y[line->count - 1];
		for (size_t i = 0; i < line->count; i++) {
			double x = line->x[i] / (SIDE - 1) * 4 - 2, y = line->y[i] / (SIDE - 1) * 4 - 2;
			ck_assert_double_eq_tol(of(x, y), level, 0.003);
			if (i)
				ck_assert(hypot(line->x[i] - line->x[i - 1], line->y[i] - line->y[i - 1]) < 1.5);
		}
	}
	arena_free(&arena);
}

START_TEST(contour_lines_are_level_and_whole)
{
	size_t lines, rings;
	look_at(bowl, 1.03, &lines, &rings);
	ck_assert(lines == 1 && rings == 1);
	look_at(bowl, 5.01, &lines, &rings);   // only the corners are higher
	ck_assert(lines == 4 && rings == 0);
	look_at(bowl, 9, &lines, &rings);
	ck_assert(lines == 0);
	look_at(saddle, 0.51, &lines, &rings);
	ck_assert(lines == 2 && rings == 0);
	look_at(saddle, -0.51, &lines, &rings);
	ck_assert(lines == 2 && rings == 0);
}
END_TEST

// All sixteen squares, alone: as many pieces as the corners ask for, and a hole where one is no number.
// A bowl from 0 to 8 has no line at 0: that would be a dot, and below it nothing.
START_TEST(no_level_at_the_bottom)
{
	double height[25];
	for (int i = 0; i < 25; i++)
		height[i] = (i % 5 - 2) * (i % 5 - 2) + (i / 5 - 2) * (i / 5 - 2);
	Chart chart = {.field = {.height = height, .columns = 5, .rows = 5}};
	chart_fit(&chart);
	ck_assert_uint_ge(chart.field.levels, 3);
	ck_assert_double_gt(chart.field.level[0], 0.1);
	ck_assert_double_le(chart.field.level[0], 2);
}
END_TEST

START_TEST(every_square)
{
	for (unsigned corners = 0; corners < 16; corners++) {
		double height[4];
		Arena arena = {0};
		for (size_t i = 0; i < 4; i++)
			height[i] = corners >> i & 1;
		size_t lines = 0, changes = 0;
		static const size_t around[] = {0, 1, 3, 2, 0};
		for (size_t i = 0; i < 4; i++)
			changes += height[around[i]] != height[around[i + 1]];
		for (ContourLine *line = contour_lines(height, 2, 2, 0.5, &arena); line; line = line->next)
			lines++;
		ck_assert_uint_eq(lines, changes / 2);
		height[0] = NAN;
		ck_assert_ptr_null(contour_lines(height, 2, 2, 0.5, &arena));
		arena_free(&arena);
	}
}
END_TEST

START_TEST(numbers_at_axes)
{
	static const struct {
		double value;
		const char *plain, *unicode;
	} row[] = {{0, "0", "0"}, {-0.25, "-0.25", "−0.25"}, {1e-6, "1e-6", "10⁻⁶"}, {2.5e-7, "2.5e-7", "2.5·10⁻⁷"},
	           {12000, "12000", "12000"}, {1e5, "1e5", "10⁵"}, {-1e12, "-1e12", "−10¹²"}, {0.1 + 0.2, "0.3", "0.3"}};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		for (int unicode = 0; unicode < 2; unicode++) {
			Output output = {0};
			chart_number(&output, row[i].value, unicode);
			ck_assert_str_eq(output_memory(&output), unicode ? row[i].unicode : row[i].plain);
			output_abandon(&output);
		}
}
END_TEST

SUITE(ticks_are_round_numbers_within_the_axis, powers_on_a_logarithmic_axis, what_is_no_number_is_left_out,
      contour_lines_are_level_and_whole, no_level_at_the_bottom, every_square, numbers_at_axes)

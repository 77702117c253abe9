// Every error of the model language: its place, and what the message says.
#include "tests/test_model.h"

typedef struct Wrong {
	const char *text;
	int line, column;
	const char *fragment;
} Wrong;

// A model that needs no more than one line to go wrong, put before or behind.
#define GOOD "param w = 1\ny = w*2\n"

static const Wrong wrong[] = {
	// Nothing to read
	{"", 1, 1, "empty"},
	{"\n  # only a comment\n\n", 1, 1, "empty"},
	{"param w = 1\n", 1, 1, "no step"},
	{"for i = 1..0\na[i] = i\nend\n", 1, 1, "no step"},

	// Characters and tokens
	{GOOD "z = w $ 2\n", 3, 7, "no meaning"},
	{GOOD "z = w ! 2\n", 3, 7, "no meaning"},
	{GOOD "z = w . 2\n", 3, 7, "no meaning"},
	{GOOD "z = 2w\n", 3, 6, "an operator after the number, found 'w'"},
	{GOOD "z = 1e999\n", 3, 5, "too large"},
	{GOOD "z = w w\n", 3, 7, "an operator or the end of the line, found 'w'"},
	{GOOD "z = 1 +\n", 3, 8, "found the end of the line"},
	{GOOD "z = * 1\n", 3, 5, "expected a number, a name or '(', found '*'"},
	{GOOD "z = w**2\n", 3, 7, "a power is written with ^"},
	{GOOD "z = **2\n", 3, 5, "expected a number, a name or '(', found '*'"},
	{GOOD "z = +1\n", 3, 5, "expected a number"},
	{GOOD "z = 1..2\n", 3, 6, "found '..'"},
	{GOOD "z\n", 3, 2, "expected '='"},
	{GOOD "= 3\n", 3, 1, "expected a statement"},
	{GOOD "use \"x.model\n", 3, 5, "quote"},
	{GOOD "\xC3\xA4 = w +\n", 3, 1, "no meaning"},

	// Brackets
	{GOOD "z = (w + 2\nv = 3\n", 3, 5, "this '(' is not closed"},
	{GOOD "z = max(w, (w + 2)\nv = 3\n", 3, 8, "this '(' is not closed"},
	{GOOD "h[1 = w\nv = 3\n", 3, 2, "this '[' is not closed"},
	{GOOD "z = (w + 2]\n", 3, 5, "this '(' is not closed"},
	{GOOD "z = w + 2)\n", 3, 10, "found ')'"},
	{GOOD "z = w]\n", 3, 6, "found ']'"},
	{GOOD "param v[1..2] = [1, 2\nz = 2\n", 3, 17, "this '[' is not closed"},
	{GOOD "z = (w w)\n", 3, 8, "found 'w'"},

	// Blocks
	{GOOD "for i = 1..2\n  h[i] = w\n", 3, 1, "'for' without its 'end'"},
	{GOOD "for i = 1..2\nfor j = 1..2\n  h[i,j] = w\nend\n", 3, 1, "'for' without its 'end'"},
	{GOOD "optimizer o(r)\n  w+ = w\n", 3, 1, "'optimizer' without its 'end'"},
	{GOOD "examples\nx\n1\n", 3, 1, "'examples' without its 'end'"},
	{GOOD "end\n", 3, 1, "'end' without"},
	{GOOD "for i = 1..2\ndef f(x) = x\nend\n", 4, 1, "'def' cannot stand inside 'for'"},
	{GOOD "for i = 1..2\nminimize y\nend\n", 4, 1, "cannot stand inside"},
	{GOOD "for 1..2\nend\n", 3, 5, "expected an index"},
	{GOOD "for i = 1\nend\n", 3, 10, "'..'"},

	// Names
	{"y = w\nparam w = 1\n", 1, 5, "'w' is used before it is defined"},
	{GOOD "z = y + wiight\n", 3, 9, "unknown name 'wiight'"},
	{"param weight = 1\ny = 2*wieght\n", 2, 7, "did you mean 'weight'?"},
	{"param weight = 1\ny = 2*Weight\n", 2, 7, "did you mean 'weight'?"},
	{"param w[1..2] = 1\ny = w[1]\nz = v[2]\n", 3, 5, "unknown name 'v'"},
	{"parm w = 1\ny = w\n", 1, 1, "did you mean 'param'?"},
	{GOOD "y = 3\n", 3, 1, "'y' is defined twice"},
	{GOOD "param w = 3\n", 3, 7, "'w' is defined twice"},
	{GOOD "w = 3\n", 3, 1, "'w' is defined twice: it is a param already"},
	{GOOD "input y = 3\n", 3, 7, "it is a step already"},
	{"param w = 1\nh[1] = w\nh[1] = 2*w\n", 3, 1, "'h[1]' is defined twice"},
	{"param w = 1\nh[i=1..3] = w\nh[j=3..4] = 2*w\n", 3, 1, "'h[3]' is defined twice"},
	{"param w = 1\nh = w\nh[1] = 2*w\n", 3, 1, "both a scalar and a family"},
	{"param w = 1\nh[1] = w\nh = 2*w\n", 3, 1, "both a scalar and a family"},
	{"param w = 1\nh[1] = w\nh[1,2] = 2*w\n", 3, 1, "'h' has 1 index, not 2"},
	{GOOD "exp = 3\n", 3, 1, "'exp' is a reserved name"},
	{GOOD "param sum = 3\n", 3, 7, "reserved"},
	{GOOD "const normal = 3\n", 3, 7, "reserved"},
	{GOOD "uniform[1] = 3\n", 3, 1, "reserved"},
	{GOOD "batch_mean = 3\n", 3, 1, "reserved"},
	{GOOD "batch_size = 3\n", 3, 1, "reserved"},
	{GOOD "z = sum(exp=1..2, 3)\n", 3, 9, "reserved"},
	{GOOD "for grad = 1..2\nend\n", 3, 5, "reserved"},
	{GOOD "def tanh(x) = x\n", 3, 5, "reserved"},
	{GOOD "def f(tanh) = 1\n", 3, 7, "reserved"},
	{GOOD "z = t + 1\n", 3, 5, "unknown name 't'"},
	{GOOD "z = exp + 1\n", 3, 9, "'(' after the name of a function"},

	// Indices
	{"param w[1..3] = 1\ny = w[4]\n", 2, 5, "'w[4]' is not defined; 'w' has 1..3"},
	{"param w[1..3] = 1\ny = w[0]\n", 2, 5, "'w[0]' is not defined; 'w' has 1..3"},
	{"param w[0..2,1..2] = 1\ny = w[1,3]\n", 2, 5, "'w' has 0..2, 1..2"},
	{"param w = 1\nh[0] = w\nh[t=1..3] = h[t-1]\ny = h[4]\n", 4, 5, "'h[4]' is not defined; 'h' has 0..3 so far"},
	{"param w = 1\nh[t=1..3] = w + h[t-1]\n", 2, 17, "'h[0]' is not defined; 'h' has no elements so far"},
	{"param w = 1\nh[1] = w\nh[4] = w\ny = h[2]\n", 4, 5, "'h' has 1, 4 so far"},
	{"param w[1..3] = 1\ny = w\n", 2, 5, "'w' is a family: its index is missing"},
	{"param w = 1\ny = w[1]\n", 2, 5, "'w' is no family"},
	{"param w[1..3] = 1\ny = w[1,2]\n", 2, 5, "'w' has 1 index, not 2"},
	{"param w[1..3] = 1\ny = w[1.5]\n", 2, 7, "must be whole, and this is 1.5"},
	{"param w[1..3] = 1\ny = w[w[1]]\n", 2, 7, "'w' is a param"},
	{"param w[1..3] = 1\ny = w[1e10]\n", 2, 7, "limit"},
	{"size n = 2.5\ny = n\n", 1, 6, "whole"},
	{"param w = 1\nh[1..3] = w\n", 2, 4, "a name for the index"},
	{"param w = 1\nh[] = w\n", 2, 3, "expected a number"},
	{"param w[1,1,1,1,1,1,1,1,1] = 1\ny = 2\n", 1, 25, "limit of 8 indices"},
	{GOOD "z = max(i=1..0, i)\n", 3, 5, "empty range"},
	{GOOD "z = w[1\n]\n", 3, 5, "no family"},

	// Lists and start values
	{"param w[1..3] = [1, 2]\ny = w[1]\n", 1, 17, "the list has 2 values where 3 are wanted"},
	{"param w[1..2,1..2] = [[1, 2], [3]]\ny = 1\n", 1, 31, "the list has 1 value where 2 are wanted"},
	{"param w[1..2,1..2] = [1, 2]\ny = 1\n", 1, 23, "a list of 2 values is wanted here"},
	{"param w[1..2] = [[1], [2]]\ny = 1\n", 1, 18, "a list where one value is wanted"},
	{"param w[2] = [1, 2]\ny = 1\n", 1, 14, "a family has a range, as in x[1..3]"},
	{"param w = 0,5\ny = w\n", 1, 11, "decimals stand behind a point: 0.5, not 0,5"},
	{GOOD "z = 0,5*w\n", 3, 5, "decimals stand behind a point: 0.5, not 0,5"},
	{GOOD "z = (0,5*w\n", 3, 5, "this '(' is not closed"},
	{"param w = 1, 2\ny = w\n", 1, 14, "expected a name, found '2'"},
	{"param w[1:2] = 0\ny = w[1]\n", 1, 10, "':' has no meaning in a model: write .."},
	{"param w = [1]\ny = 1\n", 1, 11, "'w' is a scalar, and this is a list"},
	{"param w\ny = 1\n", 1, 8, "'=' or '~'"},
	{"const c\ny = 1\n", 1, 8, "expected '=' and the value"},
	{"const c ~ normal(0, 1)\ny = 1\n", 1, 9, "expected '=' and the value"},
	{"param w ~ gauss(0, 1)\ny = 1\n", 1, 11, "'normal(mean, sd)'"},
	{"param w ~ normal(0)\ny = 1\n", 1, 19, "','"},
	{"param w = 1, v = 2*w\ny = v\n", 1, 20, "'w' is a param: only numbers"},
	{"param w = batch_mean(1)\ny = w\n", 1, 11, "must be known before recording"},
	{"target y onehot c\nz = 2\n", 1, 10, "wants a family"},
	{"input x = 1 2\nz = 2\n", 1, 13, "found '2'"},

	// Functions
	{GOOD "z = f(w)\n", 3, 5, "unknown function 'f'"},
	{GOOD "z = sigmiod(w)\n", 3, 5, "did you mean 'sigmoid'?"},
	{GOOD "z = f(w)\ndef f(a) = a\n", 3, 5, "'f' is used before it is defined"},
	{GOOD "def f(a) = f(a) + 1\n", 3, 12, "function 'f' uses itself"},
	{GOOD "def f(a) = g(a)\ndef g(a) = f(a)\nz = f(w)\n", 3, 12, "'g' is used before"},
	{GOOD "def f(a, b) = a\nz = f(w)\n", 4, 5, "'f' takes 2 arguments, not 1"},
	{GOOD "def f(a, a) = a\n", 3, 10, "given twice"},
	{GOOD "def f(a) = a + q\n", 3, 16, "unknown name 'q'"},
	{GOOD "def f(a) = a\ndef f(b) = b\n", 4, 5, "'f' is defined twice"},
	{GOOD "def f(a) = a\nz = f\n", 4, 5, "'f' is a function"},
	{GOOD "z = y(w)\n", 3, 5, "'y' is a step, not a function"},
	{GOOD "z = exp(w, w)\n", 3, 5, "'exp' takes 1 argument, not 2"},
	{GOOD "z = leaky_relu(w)\n", 3, 5, "'leaky_relu' takes 2 arguments, not 1"},
	{GOOD "z = eq(w)\n", 3, 5, "'eq' takes 2"},
	{GOOD "z = exp()\n", 3, 9, "found ')'"},
	{GOOD "z = sum(w)\n", 3, 9, "expected an index"},
	{GOOD "z = grad(w*2, w)\n", 3, 10, "'grad' takes"},
	{GOOD "z = grad(y)\n", 3, 5, "'grad' takes 2"},
	{GOOD "z = grad(w, w)\n", 3, 10, "derivative of a step"},
	{GOOD "z = grad(y, w + 1)\n", 3, 13, "the name of a step, param or input"},

	// The loss and the update
	{GOOD "minimize z\n", 3, 10, "unknown name 'z'"},
	{GOOD "minimize w\n", 3, 10, "'w' is a param: the loss must be a step"},
	{GOOD "minimize y\nminimize y\n", 4, 1, "a second 'minimize'"},
	{"param w = 1\nh[1] = w\nminimize h\n", 3, 10, "'h' is a family"},
	{"input x = 1\nparam w = 1\ny = 2*x\nminimize y\n", 4, 10, "depends on no param"},
	{"input x = 1\nparam w = 1\ny = detach(w)*x\nminimize y\n", 4, 10, "depends on no param"},
	{"input x = 1\ny = x\nminimize y\n", 3, 10, "depends on no param"},
	{GOOD "predict z\n", 3, 9, "unknown name"},
	{GOOD "predict w\n", 3, 9, "the answer must be a step"},
	{GOOD "update sgd(rate = 1)\n", 3, 1, "without a 'minimize'"},
	{GOOD "minimize y\nupdate sdg(rate = 1)\n", 4, 8, "unknown update rule 'sdg'; did you mean 'sgd'?"},
	{GOOD "minimize y\nupdate SGD(rate = 1)\n", 4, 8, "unknown update rule 'SGD'; did you mean 'sgd'?"},
	{GOOD "minimize y\nupdate sgd(lr = 1)\n", 4, 12, "rule 'sgd' has no argument 'lr'; it has rate, decay"},
	{GOOD "minimize y\nupdate sgd(rate = 0,1)\n", 4, 19, "decimals stand behind a point: 0.1, not 0,1"},
	{GOOD "minimize y\nupdate sgd(rat = 1)\n", 4, 12, "no argument 'rat'; did you mean 'rate'?"},
	{GOOD "minimize y\nupdate sgd(rate = 1, rate = 2)\n", 4, 22, "given twice"},
	{GOOD "minimize y\nupdate sgd()\n", 4, 8, "needs the argument 'rate'"},
	{GOOD "minimize y\nupdate sgd\n", 4, 8, "needs the argument 'rate'"},
	{GOOD "minimize y\nupdate sgd(0.5)\n", 4, 12, "the name of an argument"},
	{GOOD "minimize y\nupdate sgd(rate = q)\n", 4, 19, "unknown name 'q'"},
	{GOOD "minimize y\nupdate sgd(rate = 1) on v\n", 4, 25, "unknown name 'v'"},
	{GOOD "minimize y\nupdate sgd(rate = 1) on y\n", 4, 25, "'y' is a step, not a param"},
	{GOOD "minimize y\nupdate sgd(rate = 1) on w, w\n", 4, 28, "'w' is updated twice"},
	{GOOD "minimize y\nupdate sgd(rate = 1) on w\nupdate sgd(rate = 1) on w\n", 5, 25, "'w' is updated twice"},
	{GOOD "minimize y\nupdate sgd(rate = 1)\nupdate sgd(rate = 1)\n", 5, 1, "a second 'update' without 'on'"},
	{GOOD "minimize y\nupdate o(r = 1)\noptimizer o(r)\nw+ = w\nend\n", 4, 8, "rule 'o' is used before it is defined"},

	// Update rules
	{GOOD "optimizer o(r)\nend\n", 3, 11, "does not say what 'w+' is"},
	{GOOD "optimizer o(r)\nstate v = 0\nw+ = w\nend\n", 3, 11, "does not say what 'v+' is"},
	{GOOD "optimizer o(r)\nw+ = w\nw+ = w\nend\n", 5, 1, "'w+' is defined twice"},
	{GOOD "optimizer o(r)\nr+ = r\nw+ = w\nend\n", 4, 1, "'r' is no state of this rule"},
	{GOOD "optimizer o(r)\nstate v = 0\nw+ = w - v+\nv+ = v\nend\n", 5, 10, "'v+' is used before it is defined"},
	{GOOD "optimizer o(r)\nc = 1\nc = 2\nw+ = w\nend\n", 5, 1, "'c' is defined twice in this rule"},
	{GOOD "optimizer o(r)\ng = 1\nw+ = w\nend\n", 4, 1, "'g' is defined twice in this rule"},
	{GOOD "optimizer o(w)\nw+ = w\nend\n", 3, 13, "'w' is defined twice in this rule"},
	{GOOD "optimizer o(r)\nw+ = w\nend\noptimizer o(r)\nw+ = w\nend\n", 6, 11, "rule 'o' is defined twice"},
	{GOOD "optimizer o(r)\nw+ = w - y\nend\nminimize y\nupdate o(r = 1)\n", 4, 10, "'y' is a step: an update rule sees"},
	{GOOD "optimizer o(r)\nw+ = w - q\nend\nminimize y\nupdate o(r = 1)\n", 4, 10, "unknown name 'q'"},

	// States
	{GOOD "w+ = 3\n", 3, 1, "'w' is a param: only a state has a 'w+'"},
	{GOOD "q+ = 3\n", 3, 1, "unknown name 'q'"},
	{GOOD "state s = 1\ns+ = 1\ns+ = 2\n", 5, 1, "'s+' is defined twice"},
	{GOOD "state s[1..2] = 1\ns+ = 1\n", 4, 1, "'s' has 1 index, not 0"},
	{GOOD "s+ = 1\nstate s = 1\n", 3, 1, "'s' is used before it is defined"},
	{"input x\ny = x\nstate s = 1\ns+ = y\nexamples\nx\n1\n2\nend\n", 4, 6, "must not vary"},
	{GOOD "state s = 1\ns+ = q\nq = 3\n", 4, 6, "'q' is used before it is defined"},

	// Data
	{"input x[1..9], z\ntarget y[0..2] onehot d\nq = x[1]\n", 1, 7, "the columns are x[1..9], z, d"},
	{"input x\ny = x\nexamples\nx,q\n1,2\nend\n", 4, 3, "column 'q' is no input"},
	{"input x[1..2]\ny = x[1]\nexamples\nx[1]\n1\nend\n", 4, 1, "columns are missing: x[2]"},
	{"input x, z\ny = x*z\nexamples\nx,z,x\n1,2,3\nend\n", 4, 5, "column 'x' is there twice"},
	{"input x\ny = x\nexamples\nx\nend\n", 4, 1, "no examples"},
	{"input x\ny = x\nexamples\nx\n1\nfoo\nend\n", 6, 1, "foo"},
	{"input x\ny = x\nexamples\nx\n1\n2,3\nend\n", 6, 3, "2 cells"},
	{"target y[0..2] onehot d\nz = y[0]\nexamples\nd\n1\n3\nend\n", 6, 1, "whole number from 0 to 2, not 3"},
	{"target y[0..2] onehot d\nz = y[0]\nexamples\nd\n1\n1.5\nend\n", 6, 1, "not 1.5"},
	{"input x\ny = x\nexamples\nx\n1\nend\nexamples\nx\n1\nend\n", 7, 1, "a second 'examples'"},

	// Other files
	{"use \"tests/models/there_is_none.model\"\ny = 1\n", 1, 5, "cannot read 'tests/models/there_is_none.model'"},
	{"use 3\ny = 1\n", 1, 5, "a file's name in quotes"},

	// Limits
	{"h[i=1..2000000000] = 1\n", 1, 3, "limit"},
	{"y = sum(i=1..2000000000, 1)\n", 1, 9, "limit"},
	{"for i=1..100000\nfor j=1..100000\nend\nend\ny = 1\n", 2, 5, "limit"},
};

static void check(const Wrong *row, const ModelOptions *options)
{
	Error error = {0};
	Model model;
	bool good = model_read(&model, "m.model", row->text, strlen(row->text), options, &error);
	ck_assert_msg(!good, "no error in:\n%s", row->text);
	ck_assert_msg(strstr(error.message, row->fragment) != NULL, "'%s' is not in '%s':\n%s", row->fragment,
	              error.message, row->text);
	ck_assert_msg(error.line == row->line && error.column == row->column, "at %d:%d, not %d:%d (%s):\n%s", error.line,
	              error.column, row->line, row->column, error.message, row->text);
	ck_assert_str_eq(error.file, "m.model");
	ck_assert_ptr_null(model.tape.node);
}

START_TEST(every_error_has_its_place_and_message)
{
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		check(&wrong[i], &(ModelOptions){.seed = 1, .node_limit = 1000 * 1000});
}
END_TEST

START_TEST(line_ends_and_a_byte_order_mark_do_not_move_the_place)
{
	check(&(Wrong){"\xEF\xBB\xBFparam w = 1\r\ny = v\r\n", 2, 5, "unknown name 'v'"}, &(ModelOptions){.seed = 1});
	check(&(Wrong){"y = 1 # \xC3\xA4\xC3\xB6\nz = 2 * (q) # \xC3\xA4\n", 2, 10, "unknown"}, &(ModelOptions){.seed = 1});
}
END_TEST

START_TEST(bytes_that_are_no_text_are_found)
{
	static const struct {
		const char *text;
		size_t size;
		int line, column;
		const char *fragment;
	} bytes[] = {
		{"y = 1\nz\0 = 2\n", 14, 2, 2, "NUL"},
		{"y = 1\nz = \xFF\n", 12, 2, 5, "UTF-8"},
		{"y = 1 # \xC3\n", 10, 1, 9, "UTF-8"},
	};
	for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
		Error error = {0};
		Model model;
		ck_assert(!model_read(&model, "m", bytes[i].text, bytes[i].size, &(ModelOptions){.seed = 1}, &error));
		ck_assert_msg(strstr(error.message, bytes[i].fragment) != NULL, "%s", error.message);
		ck_assert_int_eq(error.line, bytes[i].line);
		ck_assert_int_eq(error.column, bytes[i].column);
	}
}
END_TEST

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

START_TEST(an_error_in_a_used_file_bears_its_name)
{
	char folder[] = "/tmp/test_language_XXXXXX", path[4][100];
	ck_assert_ptr_nonnull(mkdtemp(folder));
	static const char *const text[] = {"use \"b.model\"\ny = w\n", "param v = 1\nw = v +\n", "use \"d.model\"\n",
	                                   "# round\nuse \"./c.model\"\ny = 1\n"};
	for (int i = 0; i < 4; i++) {
		snprintf(path[i], sizeof path[i], "%s/%c.model", folder, "abcd"[i]);
		write_file(path[i], text[i]);
	}
	Error error = {0};
	Model model;
	ck_assert(!model_read(&model, path[0], text[0], strlen(text[0]), &(ModelOptions){.seed = 1}, &error));
	ck_assert_str_eq(error.file, path[1]);
	ck_assert_int_eq(error.line, 2);
	ck_assert_int_eq(error.column, 8);
	error = (Error){0};
	ck_assert(!model_read(&model, path[2], text[2], strlen(text[2]), &(ModelOptions){.seed = 1}, &error));
	ck_assert_msg(strstr(error.message, "uses itself") != NULL, "%s", error.message);
	ck_assert_str_eq(error.file, path[3]);
	ck_assert_int_eq(error.line, 2);
	for (int i = 0; i < 4; i++)
		remove(path[i]);
	remove(folder);
}
END_TEST

START_TEST(a_wrong_setting_says_what_there_is)
{
	static const struct {
		const char *name, *fragment;
	} set[] = {
		{"q", "no such name"}, {"weigth", "did you mean 'weight'?"}, {"y", "it is a step"}, {"f", "it is a function"},
		{"v", "it is a family; set its elements, as in 'v[1]'"}, {"v[3]", "'v' has 1..2"}, {"weight[1]", "0 indices"},
		{"v[1", "a name is wanted"}, {"v[x]", "a name is wanted"}, {"weight x", "a name is wanted"}, {"", "no such name"},
	};
	const char *text = "param weight = 1, v[1..2] = 3\ndef f(a) = a\ny = weight*v[1]\n";
	for (size_t i = 0; i < sizeof set / sizeof *set; i++) {
		Setting setting = {set[i].name, 1};
		Error error = {0};
		Model model;
		ModelOptions options = {.seed = 1, .setting = &setting, .setting_count = 1};
		ck_assert_msg(!model_read(&model, "m", text, strlen(text), &options, &error), "%s", set[i].name);
		ck_assert_msg(strstr(error.message, set[i].fragment) != NULL, "'%s' is not in '%s'", set[i].fragment,
		              error.message);
	}
}
END_TEST

SUITE(every_error_has_its_place_and_message, line_ends_and_a_byte_order_mark_do_not_move_the_place,
      bytes_that_are_no_text_are_found, an_error_in_a_used_file_bears_its_name, a_wrong_setting_says_what_there_is)

// Mistakes that people make, as changes of a derivation's lines.
//
// A mistake of the catalogue, tutor/course/mistakes.def, says at which lines it can be made and
// which formula stands there then; so can a convention, which is no mistake. The formula is built
// of names of lines, so whoever puts numbers in for names, the model's or somebody's own, gets the
// numbers that the mistake makes.
#ifndef COURSE_MISTAKE_H
#define COURSE_MISTAKE_H

#include "tutor/course/lines.h"

typedef enum MistakeId {
#define MISTAKE(id, ...) MISTAKE_##id,
#define CONVENTION(id, ...) MISTAKE_##id,
#include "tutor/course/mistakes.def"
	MISTAKE_COUNT,
	MISTAKE_NONE = MISTAKE_COUNT,
} MistakeId;

// Where it is known from: what was seen in people's work ranks before what was inferred.
typedef enum MistakeSource { SOURCE_SEEN, SOURCE_INFERRED, SOURCE_CONVENTION } MistakeSource;

enum { HINT_MOST = 3 };

typedef struct Mistake {
	const char *id;     // M05; of a convention NAME=VALUE, as --convention takes it
	const char *name;   // what it is called
	MistakeSource source;
	uint32_t ways;                 // in which it can be made at most
	const char *hint[HINT_MOST];   // where to look; what to compare; what it is
} Mistake;

extern const Mistake mistake_info[MISTAKE_COUNT];

// The formula of line `id` when the mistake is made there in that way (0 .. ways - 1), or NULL
// where it cannot be.
Formula *mistake_formula(MistakeId mistake, uint32_t way, const Lines *lines, uint32_t id,
                         Arena *arena);

// Puts all lines by the conventions.
void mistake_adopt(Lines *lines, const MistakeId *convention, size_t count);

// The convention called NAME=VALUE, MISTAKE_NONE if there is none.
MistakeId mistake_convention(const char *text);

#endif

// The memory that malloc gives.
#ifndef TUTOR_HEAP_H
#define TUTOR_HEAP_H

// To be called first. Where malloc is glibc's and the system has huge pages, what is freed is used again rather than given
// back, and the heap's first part is in huge pages: recording and lifting a large model goes through a hundred megabytes
// in arrays that are each used briefly, and a fault for every 4,096 bytes of them would take a third of the time. Nothing
// else changes; a page that is not touched costs nothing. Where the address space is limited below it, nothing is done.
void heap_start(void);

#endif

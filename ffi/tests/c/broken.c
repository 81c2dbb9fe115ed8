/* Mistakes that a sanitizer has to find, and a call that a tracer has to see, or they were not on. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
    const char *word = argc == 2 ? argv[1] : "";
    if (strcmp(word, "heap") == 0) {
        char *volatile bytes = malloc(8);
        bytes[argc + 6] = 1;
        free(bytes);
    } else if (strcmp(word, "leak") == 0) {
        char *volatile bytes = malloc(8);
        bytes[0] = 1;
        bytes = NULL;
    } else if (strcmp(word, "overflow") == 0) {
        volatile int most = INT_MAX;
        most = most + argc;
    } else if (strcmp(word, "socket") == 0) {
        (void)socket(AF_UNIX, SOCK_STREAM, 0);
    }
    return 0;
}

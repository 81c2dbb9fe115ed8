/* The shortest program that uses the library: it fits its header, and says what is missing. */
#include "vultus.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
    vultus_device *device = NULL;
    vultus_grant *grant = NULL;
    vultus_error error = {0};
    char version[32];
    char text[512];
    size_t needed;
    int32_t code;

    if (argc != 2 || vultus_abi_check(VULTUS_ABI_VERSION) != VULTUS_OK)
        return 2;
    if (vultus_version(version, sizeof version, &needed) != VULTUS_OK ||
        needed != strlen(version) + 1)
        return 3;
    code = vultus_device_new(vultus_str_of(argv[1]), &device);
    if (code == VULTUS_OK)
        code = vultus_device_activate(device, &grant);
    vultus_device_free(device);
    error.struct_size = sizeof error;
    if (vultus_last_error(&error) != VULTUS_OK || error.code != code)
        return 4;
    if (vultus_last_error_text(0, text, sizeof text, &needed) != VULTUS_OK)
        return 5;
    printf("%s %s\n%s\n", version, error.name, text);
    return code == VULTUS_ERROR_LICENCE_MISSING ? 0 : 1;
}

/* Preloaded into a peer, hides AVX-512 from it, so that its AVX2 code can be timed on a machine that has both.
 *
 * The runtimes ask the processor itself (CPUID) and offer no switch. Linux can make CPUID fault
 * (arch_prctl ARCH_SET_CPUID) where the processor is able to; the fault handler answers in its place, without the
 * bits of AVX-512. Exits with 3 where the processor is not able to.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define ARCH_SET_CPUID 0x1012

static long answer_cpuid(int itself) { return syscall(SYS_arch_prctl, ARCH_SET_CPUID, itself); }

static void answer(int signal_number, siginfo_t *info, void *context) {
    (void)info;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const uint8_t *code = (const uint8_t *)registers[REG_RIP];
    if (code[0] != 0x0f || code[1] != 0xa2) {
        signal(signal_number, SIG_DFL); /* A fault of the program's own: it happens again, and ends it. */
        return;
    }
    uint32_t leaf = (uint32_t)registers[REG_RAX], part = (uint32_t)registers[REG_RCX];
    uint32_t a, b, c, d;
    answer_cpuid(1);
    __cpuid_count(leaf, part, a, b, c, d);
    answer_cpuid(0);
    if (leaf == 7 && part == 0) {
        /* F, DQ, IFMA, PF, ER, CD, BW, VL */
        b &= ~(1u << 16 | 1u << 17 | 1u << 21 | 1u << 26 | 1u << 27 | 1u << 28 | 1u << 30 | 1u << 31);
        /* VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ */
        c &= ~(1u << 1 | 1u << 6 | 1u << 11 | 1u << 12 | 1u << 14);
        /* 4VNNIW, 4FMAPS, VP2INTERSECT, AMX-BF16, FP16, AMX-TILE, AMX-INT8 */
        d &= ~(1u << 2 | 1u << 3 | 1u << 8 | 1u << 22 | 1u << 23 | 1u << 24 | 1u << 25);
    } else if (leaf == 7 && part == 1) {
        a &= ~(1u << 5); /* BF16 */
        d &= ~(1u << 19); /* AVX10 */
    }
    registers[REG_RAX] = a;
    registers[REG_RBX] = b;
    registers[REG_RCX] = c;
    registers[REG_RDX] = d;
    registers[REG_RIP] += 2;
}

__attribute__((constructor)) static void hide(void) {
    struct sigaction action = {.sa_sigaction = answer, .sa_flags = SA_SIGINFO | SA_NODEFER};
    if (sigaction(SIGSEGV, &action, 0) != 0 || answer_cpuid(0) != 0) _exit(3);
}

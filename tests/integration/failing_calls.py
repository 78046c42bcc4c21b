"""System calls that fail (seccomp(2)), by their numbers on x86-64."""
import ctypes
import platform
import struct
import unittest

needs_numbers = unittest.skipUnless(platform.machine() == "x86_64", "system calls have other numbers here")

LOAD, JUMP_IF_EQUAL, GIVE = 0x20, 0x15, 0x06
NUMBER, THIRD_ARGUMENT = 0, 32  # where they are in what the filter sees
ALLOW, FAIL = 0x7fff0000, 0x00050000


def failing(calls, error):
    """Lets system calls fail from the start of the binary on. To be called before that."""
    code = [(LOAD, 0, 0, NUMBER)]
    for n, call in enumerate(calls):
        code.append((JUMP_IF_EQUAL, len(calls) - n, 0, call))
    return installing([*code, (GIVE, 0, 0, ALLOW), (GIVE, 0, 0, FAIL | error)])


def failing_for(call, third, error):
    """The same of one system call, only with that third argument."""
    return installing([(LOAD, 0, 0, NUMBER), (JUMP_IF_EQUAL, 0, 2, call), (LOAD, 0, 0, THIRD_ARGUMENT),
                       (JUMP_IF_EQUAL, 1, 0, third), (GIVE, 0, 0, ALLOW), (GIVE, 0, 0, FAIL | error)])


def installing(code):
    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    kept = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in code))
    program = Program(len(code), ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)

    def install():
        no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
        if libc.prctl(no_new_privileges, 1, 0, 0, 0) or libc.prctl(set_seccomp, filter_mode, ctypes.byref(program)):
            raise OSError(ctypes.get_errno(), "seccomp")
        return kept

    return install

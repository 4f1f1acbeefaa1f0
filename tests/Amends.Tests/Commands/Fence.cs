using System.Runtime.InteropServices;

namespace Amends.Tests.Commands;

/// <summary>A process that may make some system calls only, as systemd's SystemCallFilter has it: another one is answered with EPERM. By libseccomp, which systemd itself uses.</summary>
static class Fence
{
    /// <summary>The first word of the command line of a child that fences itself in: then a file with the names that are allowed, a program's full path, its arguments.</summary>
    public const string Child = "fenced-in";

    // seccomp(2): SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM.
    const uint Allow = 0x7fff0000, Refuse = 0x00050001;

    /// <summary>Becomes the program. Comes back only when that fails.</summary>
    public static int Become(string allowed, string[] program)
    {
        var filter = seccomp_init(Refuse);
        foreach (var name in File.ReadLines(allowed))
            // Below 0: a call of another kind of machine.
            if (seccomp_syscall_resolve_name(name) is >= 0 and var call && seccomp_rule_add_array(filter, Allow, call, 0, 0) != 0) return 4;
        if (seccomp_load(filter) != 0) return 5;
        _ = execv(program[0], [.. program, null]);
        return 6;
    }

#pragma warning disable IDE1006, SYSLIB1054, CA2101 // As they are named in C; the strings are UTF-8 as said.
    [DllImport("libseccomp.so.2"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint seccomp_init(uint otherwise);

    [DllImport("libseccomp.so.2"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int seccomp_syscall_resolve_name([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libseccomp.so.2"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int seccomp_rule_add_array(nint filter, uint action, int call, uint count, nint arguments);

    [DllImport("libseccomp.so.2"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int seccomp_load(nint filter);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int execv([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] arguments);
#pragma warning restore IDE1006, SYSLIB1054, CA2101
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Platform.Validation;

/// <summary>
/// System calls that tested code has no business with, as a seccomp program: namespaces and mounts of its own, memory that no limit of a process sees, other
/// processes, the kernel itself. Refused calls fail as if the kernel did not know them or did not allow them; the code goes on.
/// </summary>
internal static class SystemCallFilter
{
    private const uint NotAllowed = 0x00050000 | 1;
    private const uint NotKnown = 0x00050000 | 38;
    private const uint Allow = 0x7fff0000;
    private const uint Kill = 0x80000000;
    private const uint NewUser = 0x10000000;
    private const int NumberAt = 0;
    private const int ArchitectureAt = 4;
    private const int FirstArgumentAt = 16;

    private const ushort Load = 0x20;
    private const ushort IfEqual = 0x15;
    private const ushort IfAtLeast = 0x35;
    private const ushort IfSet = 0x45;
    private const ushort Return = 0x06;

    /// <summary>What each processor calls them; those of the last rows have the same number everywhere.</summary>
    private static readonly Table X64 = new(0xc000003e, Fork: 56, MemoryFile: 319,
    [
        272, 308, 165, 166, 155, 29, 30, 68, 64, 250, 248, 249, 321, 323, 298, 101, 310, 311, 246, 320, 175, 313, 176, 304, 303, 179, 163, 167, 168, 169,
    ]);

    private static readonly Table Arm64 = new(0xc00000b7, Fork: 220, MemoryFile: 279,
    [
        97, 268, 40, 39, 41, 194, 196, 186, 190, 219, 217, 218, 280, 282, 241, 117, 270, 271, 104, 294, 105, 273, 106, 265, 264, 60, 89, 224, 225, 142,
    ]);

    /// <summary>open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr.</summary>
    private static readonly uint[] MountsEverywhere = [428, 429, 430, 431, 432, 433, 442];

    /// <summary>io_uring_setup, io_uring_enter, io_uring_register, memfd_secret; and clone3, whose flags cannot be seen, so that libraries fall back to clone.</summary>
    private static readonly uint[] UnknownEverywhere = [425, 426, 427, 447, 435];

    /// <summary>The program as the kernel reads it, or null for a processor that is not known here.</summary>
    public static byte[]? Bytes { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => Build(X64),
        Architecture.Arm64 => Build(Arm64),
        _ => null,
    };

    private static byte[] Build(Table table)
    {
        var program = new List<(ushort Code, byte Then, byte Else, uint Value)>
        {
            (Load, 0, 0, ArchitectureAt), (IfEqual, 1, 0, table.Architecture), (Return, 0, 0, Kill), (Load, 0, 0, NumberAt),
        };
        // Numbers from here on are another way to call the same on x64.
        program.AddRange([(IfAtLeast, 0, 1, 0x40000000), (Return, 0, 0, NotAllowed)]);
        foreach (var call in table.NotAllowed.Concat(MountsEverywhere))
            program.AddRange([(IfEqual, 0, 1, call), (Return, 0, 0, NotAllowed)]);
        foreach (var call in UnknownEverywhere.Append(table.MemoryFile))
            program.AddRange([(IfEqual, 0, 1, call), (Return, 0, 0, NotKnown)]);
        program.AddRange([(IfEqual, 0, 3, table.Fork), (Load, 0, 0, FirstArgumentAt), (IfSet, 0, 1, NewUser), (Return, 0, 0, NotAllowed), (Return, 0, 0, Allow)]);
        var bytes = new byte[program.Count * 8];
        for (var i = 0; i < program.Count; i++)
        {
            var at = bytes.AsSpan(i * 8, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(at, program[i].Code);
            (at[2], at[3]) = (program[i].Then, program[i].Else);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], program[i].Value);
        }

        return bytes;
    }

    /// <summary>
    /// A processor's numbers of: unshare, setns, mount, umount2, pivot_root, shmget, shmat, msgget, semget, keyctl, add_key, request_key, bpf, userfaultfd, perf_event_open, ptrace,
    /// process_vm_readv, process_vm_writev, kexec_load, kexec_file_load, init_module, finit_module, delete_module, open_by_handle_at, name_to_handle_at, quotactl, acct, swapon, swapoff, reboot.
    /// </summary>
    private sealed record Table(uint Architecture, uint Fork, uint MemoryFile, uint[] NotAllowed);
}

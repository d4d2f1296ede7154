/**
 * Numbers of Linux's memory management that drivers and kernel share (include/linux/mm.h, mm_types.h, gfp_types.h of
 * Linux 6.12). Kernel-internal: user space never sees them, so they are not in abi/.
 */
export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 1 << PAGE_SHIFT;

/** vm_area_struct.vm_flags. */
export const VM_READ = 0x1;
export const VM_WRITE = 0x2;
export const VM_EXEC = 0x4;
export const VM_SHARED = 0x8;
export const VM_MAYREAD = 0x10;
export const VM_MAYWRITE = 0x20;
export const VM_MAYEXEC = 0x40;
export const VM_MAYSHARE = 0x80;
export const VM_GROWSDOWN = 0x100;
export const VM_PFNMAP = 0x400;
export const VM_LOCKED = 0x2000;
export const VM_IO = 0x4000;
export const VM_DONTCOPY = 0x2_0000;
export const VM_DONTEXPAND = 0x4_0000;
export const VM_ACCOUNT = 0x10_0000;
export const VM_NORESERVE = 0x20_0000;
export const VM_WIPEONFORK = 0x200_0000;
export const VM_DONTDUMP = 0x400_0000;
export const VM_MIXEDMAP = 0x1000_0000;
/** Mappings that hold pages without struct page semantics: never merged, never locked. */
export const VM_SPECIAL = VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP;

/** What a fault handler returns (vm_fault_t). */
export const VM_FAULT_OOM = 0x1;
export const VM_FAULT_SIGBUS = 0x2;
export const VM_FAULT_SIGSEGV = 0x40;
export const VM_FAULT_NOPAGE = 0x100;
export const VM_FAULT_LOCKED = 0x200;
export const VM_FAULT_ERROR = VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV;

/** vm_fault.flags. */
export const FAULT_FLAG_WRITE = 0x1;
export const FAULT_FLAG_MKWRITE = 0x2;
export const FAULT_FLAG_USER = 0x40;
export const FAULT_FLAG_INSTRUCTION = 0x100;

export const GFP_KERNEL = 0xcc0;
export const GFP_ZERO = 0x100;

/** struct page flags (bit numbers as masks): what the Bad page report prints. */
export const PG_reserved = 0x2000;
export const PG_slab = 0x200;

/** printk levels: a prefix, as in include/linux/kern_levels.h. */
export const KERN_EMERG = "\u00010";
export const KERN_ALERT = "\u00011";
export const KERN_CRIT = "\u00012";
export const KERN_ERR = "\u00013";
export const KERN_WARNING = "\u00014";
export const KERN_NOTICE = "\u00015";
export const KERN_INFO = "\u00016";
export const KERN_DEBUG = "\u00017";
/** Goes on with a line that the printk before it left without "\n". */
export const KERN_CONT = "\u0001c";

/** dev_t: major in the upper 12 of 32 bits, minor in the lower 20 (include/linux/kdev_t.h). */
export const MKDEV = (major: number, minor: number): number => major * 0x10_0000 + minor;
export const MAJOR = (dev: number): number => Math.floor(dev / 0x10_0000);
export const MINOR = (dev: number): number => dev % 0x10_0000;

export const PAGE_ALIGN = (length: number): number => Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;

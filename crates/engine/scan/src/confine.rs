//! What a worker process may use. It reads hostile files with parsers written in C.

use crate::Options;
use crate::run::STACK_BYTES;

/// Address space that the allocator and the program itself ask for beyond what they use, in bytes.
#[cfg(target_os = "linux")]
const SLACK_BYTES: u64 = 2 << 30;

/// Limits the memory of this process, forbids core files and ties its life to that of its parent. What the system does not offer
/// is left out: the limits are a second line, the watch and the supervisor are the first.
#[cfg(target_os = "linux")]
pub fn confine(options: &Options) {
    use rustix::process::{Resource, Rlimit, Signal, getrlimit, set_parent_process_death_signal, setrlimit};
    let limit = |resource, bytes: u64| {
        let hard = getrlimit(resource).maximum;
        let bytes = hard.map_or(bytes, |hard| bytes.min(hard));
        let _ = setrlimit(resource, Rlimit { current: Some(bytes), maximum: Some(bytes) });
    };
    let stacks = (options.threads as u64 + 2) * STACK_BYTES as u64;
    limit(Resource::Data, options.max_memory_bytes + stacks + SLACK_BYTES);
    limit(Resource::Core, 0);
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
}

#[cfg(not(target_os = "linux"))]
pub fn confine(_options: &Options) {}

/// Asks the system for small pages, as the allocator asks for huge ones: a scan touches a little of many places, and huge pages doubled
/// its memory and made it no faster.
pub fn prefer_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

/// Processor time of this process so far, in milliseconds.
pub fn cpu_ms() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as u64 * 1_000 + time.tv_nsec as u64 / 1_000_000
}

/// The most memory this process has held, in bytes, where the system tells.
pub fn peak_memory_bytes() -> Option<u64> {
    status_bytes("VmHWM:")
}

/// The memory this process holds now, in bytes, where the system tells.
pub fn memory_bytes() -> Option<u64> {
    status_bytes("VmRSS:")
}

fn status_bytes(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1_024)
}

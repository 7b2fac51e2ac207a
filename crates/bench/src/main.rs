//! `bench`: lists the workloads. `bench PLACE SIZE`: runs one natively, alone in its process.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use bench::{WORKLOADS, Watch};

struct Native(Instant);

impl Watch for Native {
    /// The time this thread had a processor, so that what runs beside it does not count; where nobody tells, any time.
    fn seconds(&self) -> f64 {
        // Linux books a thread's time when it waits.
        std::thread::sleep(Duration::from_micros(1));
        let booked = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        match booked.split(' ').next().map(str::parse::<f64>) {
            Some(Ok(nanoseconds)) => nanoseconds / 1e9,
            _ => self.0.elapsed().as_secs_f64(),
        }
    }
    fn memory(&self) -> f64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        kib.unwrap_or(0.0) * 1024.0
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<u32> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let (place, size) = match numbers[..] {
        [place, size] => (place as usize, size),
        _ => {
            for workload in WORKLOADS {
                println!("{}\t{}\t{:?}\t{:?}", workload.name, workload.unit, workload.native, workload.wasm);
            }
            return ExitCode::SUCCESS;
        }
    };
    let Some(workload) = WORKLOADS.get(place) else { return ExitCode::from(2) };
    match (workload.run)(size, &Native(Instant::now())) {
        Ok(f) => {
            println!("{} {} {} {}", f.units, f.seconds, f.bytes, f.simulated);
            ExitCode::SUCCESS
        }
        Err(why) => {
            println!("error {why}");
            ExitCode::FAILURE
        }
    }
}

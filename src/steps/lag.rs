//! What a bank may take a moment for: it is asked again within the window that the target file grants, and the time is told.

use std::time::{Duration, Instant};

use super::{Prepared, World};

/// Between one try and the next.
const PAUSE: Duration = Duration::from_millis(400);

/// Asks, and asks again until the answer is as wanted or the window has passed.
pub(super) async fn until(
    world: &mut World,
    seconds: u64,
    ask: impl AsyncFn(&mut World) -> Prepared,
    is_wanted: impl Fn(&World) -> bool,
) -> Prepared {
    let (began, window) = (Instant::now(), Duration::from_secs(seconds));
    ask(world).await?;
    while !is_wanted(world) && began.elapsed() < window {
        tokio::time::sleep(PAUSE).await;
        ask(world).await?;
        world.waited = Some(began.elapsed());
    }
    Ok(())
}

import ArgumentParser
import Glibc

/// Hands a waiting command to a task; the main thread only waits for its end.
nonisolated func runInTask(_ command: sending any AsyncParsableCommand) -> Never {
  Task.detached {
    var command = command
    do {
      try await command.run()
      exit(0)
    } catch {
      MDS.exit(withError: error)
    }
  }
  while true { pause() }
}

signal(SIGPIPE, SIG_IGN)
do {
  var command = try MDS.parseAsRoot()
  if let waiting = command as? any AsyncParsableCommand { runInTask(waiting) }
  try command.run()
} catch {
  MDS.exit(withError: error)
}

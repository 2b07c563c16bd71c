import ArgumentParser
import Domain
import Glibc

/// Hands a waiting command to a task; the main thread only waits for its end.
nonisolated func runInTask(_ command: sending any AsyncParsableCommand) -> Never {
  Task.detached {
    var command = command
    do {
      try await command.run()
      quit(0)
    } catch {
      end(with: error)
    }
  }
  while true { pause() }
}

/// A word that is no command, said as such: the workbench, which is the default, takes none.
func refuseUnknownCommand(_ words: [String]) {
  guard let word = words.first, !word.hasPrefix("-") else { return }
  let commands = MDS.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
  guard !commands.contains(word) else { return }
  let near = EditDistance.nearest(to: word, in: commands).map { "Did you mean \($0)?" } ?? "`mds --help` lists them."
  Standard.errorLine("mds: there is no command \(word). \(near)")
  quit(ExitStatus.usage.rawValue)
}

signal(SIGPIPE, SIG_IGN)
do {
  var words = Array(CommandLine.arguments.dropFirst())
  // Whoever asks for help with the keys wants the keys, not how the command that lists them is used.
  if words == ["help", "keys"] { words = ["keys"] }
  refuseUnknownCommand(words)
  var command = try MDS.parseAsRoot(words)
  if let waiting = command as? any AsyncParsableCommand { runInTask(waiting) }
  try command.run()
  quit(0)
} catch {
  end(with: error)
}

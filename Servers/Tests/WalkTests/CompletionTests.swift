import Foundation
import Frames
import PtyTesting
import Testing

/// The completions, in the shells themselves.
@Suite("A shell completes")
struct CompletionTests {
  /// How a shell is started with nothing of the user's, and how it takes the file with the completions.
  static let shells: [(path: String, words: [String], start: String)] = [
    ("/bin/bash", ["--norc", "--noprofile", "-i"], "source FOLDER/mds.bash"),
    (
      "/usr/bin/zsh", ["-f", "-i"],
      "fpath=(FOLDER $fpath); autoload -Uz compinit; compinit -u -d FOLDER/dump"
    ),
    ("/usr/bin/fish", ["--no-config", "-i"], "source FOLDER/mds.fish"),
  ]

  @Test("commands, their options and the names of themes", arguments: shells.indices)
  func completes(index: Int) throws {
    let shell = Self.shells[index]
    try CommandHome.alone { home in
      for (name, file) in [("bash", "mds.bash"), ("zsh", "_mds"), ("fish", "mds.fish")] {
        try home.write(try home.run("completions", name).text, to: file)
      }
      let folder = (Paths.mds as NSString).deletingLastPathComponent
      let environment = home.environment.merging([
        "PATH": "\(folder):/usr/bin:/bin", "PS1": "ready> ", "PROMPT": "ready> ",
      ]) { $1 }
      let terminal = try Pty(shell.path, shell.words, environment: environment, columns: 100, rows: 30)
      try terminal.send(shell.start.replacingOccurrences(of: "FOLDER", with: home.scratch.path) + "; echo is''there\r")
      try terminal.expect("isthere")
      for (typed, wanted) in [
        ("mds them", "mds themes"), ("mds config us", "mds config use"), ("mds open --fre", "mds open --fresh"),
      ] {
        try terminal.send(typed + "\t")
        try terminal.expect(wanted)
        try terminal.press(.control("U"))
        try terminal.send("clear\r")
        try terminal.wait(for: "an empty line") { !$0.contains(wanted) }
      }
      try terminal.send("mds themes use gruvbox-d\t")
      try terminal.expect("mds themes use gruvbox-dark")
      try terminal.press(.control("U"))
      try terminal.send("exit\r")
      _ = try terminal.waitForExit()
    }
  }
}

import Foundation
import Frames
import Glibc
import PtyTesting
import Testing
import TortureReport

/// A line that goes at any moment, as over ssh, while an analyst types.
@Suite("A line that goes while a note is typed", .serialized)
struct HangUpTests {
  /// `make torture` hangs up two hundred times.
  private static let hangUps = ProcessInfo.processInfo.environment["MDS_HANGUPS"].flatMap { Int($0) } ?? 1

  @Test("leaves of the note at least what was typed half a second before")
  func anyMoment() throws {
    let lab = try Lab()
    defer { lab.close() }
    let scored = try lab.desk("ana")
    var (typed, kept, lost, worst) = (0, 0, 0, 0)
    for number in 0..<Self.hangUps {
      let desk = try scored.copy(to: "ana\(number)")
      let terminal = try Pty(Paths.mds, ["open"] + desk.target)
      try terminal.expect("Models 4")
      try terminal.send("gr")
      try terminal.expect("Queue 40")
      try terminal.send("u")
      try terminal.expect("unsure")
      try terminal.send("n")
      let (note, moments) = try type(on: terminal)
      terminal.hangUp()
      let gone = Pty.now()
      #expect(try terminal.waitForExit() == .code(129))
      let found = try draft(of: desk)
      // What was kept is what was typed, up to some letter.
      #expect(note.hasPrefix(found), "\(note) became \(found)")
      let due = moments.count { $0 < gone - 0.5 }
      (typed, kept, worst) = (typed + note.count, kept + found.count, max(worst, note.count - found.count))
      if found.count < due || !note.hasPrefix(found) { lost += 1 }
      #expect(found.count >= due, "\(found.count) of \(note.count) letters are there, \(due) were half a second old")
      try desk.remove()
    }
    TortureReport.add(
      "hang_ups",
      ["hang_ups": Self.hangUps, "typed": typed, "kept": kept, "most_letters_gone": worst, "lost": lost])
  }

  /// Types letter after letter until some moment; what was typed, and when each letter was.
  private func type(on terminal: Pty) throws -> (note: String, moments: [Double]) {
    var (note, moments): (String, [Double]) = ("", [])
    let end = Pty.now() + .random(in: 0.05...1.6)
    while Pty.now() < end {
      let letter = String("abcdefghijklmnopqrstuvwxyz".randomElement() ?? "a")
      try terminal.send(letter)
      note += letter
      moments.append(Pty.now())
      terminal.listen(milliseconds: .random(in: 5...120))
    }
    return (note, moments)
  }

  /// The note of the one judgement that was begun and not saved.
  private func draft(of desk: Desk) throws -> String {
    let run = try PlainRun(["open", "--plain", "--fresh"] + desk.target)
    try run.hear("1 judgement was begun and not saved")
    try run.type("gn")
    try run.hear("the whole draft") { $0.contains("Your call.\nunsure") && $0.contains("\nOthers.") }
    let line = run.said.split(separator: "\n").first { $0.hasPrefix("unsure") } ?? ""
    try run.type(":quit")
    #expect(run.waitForEnd() == .code(0))
    return line.firstMatch(of: /"([a-z]*)"/).map { String($0.1) } ?? ""
  }
}

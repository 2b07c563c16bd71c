import Foundation
import Frames
import Glibc
import PtyTesting
import Testing

/// What was begun when the line went.
@Suite("A judgement in the making", .serialized)
struct LostLineTests {
  @Test(
    "is offered again after the line was lost, or the program was killed, in the middle of a note",
    arguments: [SIGHUP, SIGKILL])
  func offered(signal: Int32) throws {
    let lab = try Lab()
    defer { lab.close() }
    let ana = try lab.desk("ana")

    let terminal = try Pty(Paths.mds, ["open"] + ana.target)
    try terminal.expect("Models 4")
    try terminal.send("gr")
    try terminal.expect("Queue 40")
    try terminal.press(.enter)
    try terminal.expect("Tree SHAP")
    try terminal.send("u")
    try terminal.expect("unsure   ")
    try terminal.send("c4nthe seal was cut twice")
    try terminal.expect("seal was cut twice")
    // The last key is not waited for: half a second is what may be lost.
    terminal.listen(milliseconds: 500)
    if signal == SIGHUP { terminal.hangUp() } else { terminal.signal(signal) }
    _ = try terminal.waitForExit()

    let again = try Pty(Paths.mds, ["open"] + ana.target)
    try again.expect("1 judgement was begun and not saved")
    try again.send("gn")
    try again.expect("draft kept")
    let screen = try again.expect("seal was cut twice")
    #expect(screen.contains("confidence 4/5"), "\(screen.text)")
    try again.send("s")
    try again.expect("saved #4")
    try again.press(.control("C"))
    #expect(try again.waitForExit() == .code(0))

    let last = try Pty(Paths.mds, ["open"] + ana.target)
    try last.expect("Models 4")
    try last.send("gn")
    try last.expect("nothing was begun and not saved")
    try last.press(.control("C"))
    #expect(try last.waitForExit() == .code(0))
  }
}

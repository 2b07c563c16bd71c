import Domain
import FrameTesting
import Frames
import Testing

@testable import Workbench

@Suite("The first screen, without a context")
struct WelcomeTests {
  private static let shipped = Welcome(
    analyst: "ana@las-07",
    terminal: [
      "xterm-256color, 80x24, UTF-8 (C.UTF-8), 256 colours",
      "mds --theme light, dark, mono …; mds --ascii: without line drawing",
      "mds --plain: one line a change, for screen readers and braille displays",
    ])

  private static func frame(_ welcome: Welcome, _ columns: Int = 80, _ rows: Int = 24) -> Frame {
    var frame = Frame(columns: columns, rows: rows)
    welcome.draw(on: &frame, now: Stub.now)
    return frame
  }

  private static func type(_ text: String, _ welcome: inout Welcome) {
    for letter in text.unicodeScalars { #expect(welcome.take(.text(letter)) == nil) }
  }

  @Test("looks as designed in every size and state, in ASCII too")
  func looks() {
    var gallery = Gallery()
    for (columns, rows) in [(80, 24), (120, 40), (60, 16), (40, 10)] {
      gallery.add("\(columns)x\(rows)", Self.frame(Self.shipped, columns, rows))
    }
    gallery.add("ASCII", Self.frame(Self.shipped).ascii())
    var asking = Self.shipped
    #expect(asking.take(.text("2")) == nil)
    Self.type("https://mesh.example", &asking)
    gallery.add("an address", Self.frame(asking))
    #expect(asking.take(.enter) == nil)
    gallery.add("a token's file, 60x16", Self.frame(asking, 60, 16))
    var failed = Self.shipped
    failed.fail(Problem("lab.toml:3: there is no setting \"servise\" in a context; did you mean service?"))
    gallery.add("failed", Self.frame(failed))
    gallery.expect(named: "welcome")
  }

  @Test("a way is chosen by its digit or with Enter, and what it asks for is typed or pasted")
  func ways() {
    var welcome = Self.shipped
    #expect(welcome.take(.enter) == .demo)
    #expect(welcome.take(.text("1")) == .demo)
    #expect(welcome.take(.text("j")) == nil && welcome.take(.enter) == nil)
    #expect(welcome.take(.enter) == nil, "an address is needed")
    welcome.paste("http://127.0.0.1:1")
    #expect(welcome.take(.enter) == nil)
    #expect(welcome.take(.enter) == .connect(address: "http://127.0.0.1:1", tokenFile: nil))
    Self.type("~/t", &welcome)
    #expect(welcome.take(.enter) == .connect(address: "http://127.0.0.1:1", tokenFile: "~/t"))
    #expect(welcome.take(.escape) == nil && welcome.take(.text("3")) == nil)
    Self.type("q.toml", &welcome)
    #expect(welcome.take(.enter) == .open(path: "q.toml"))
  }

  @Test("q and ^C leave it; in what is typed q is a letter, and Esc goes back to the ways")
  func leaving() {
    var welcome = Self.shipped
    #expect(welcome.take(.text("q")) == .quit)
    #expect(welcome.take(.text("x")) == nil)
    welcome.paste("nothing asks for it")
    #expect(welcome == Self.shipped)
    #expect(welcome.take(.text("3")) == nil && welcome.take(.text("q")) == nil)
    #expect(welcome.take(.escape) == nil && welcome.take(.text("q")) == .quit)
    #expect(welcome.take(.control("C")) == .quit)
  }
}

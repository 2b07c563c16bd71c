import Foundation

/// The programs that people compare us with, each with a list of some hundred rows.
enum OtherPrograms {
  static func all(_ fixtures: Fixtures) throws -> [Peer] {
    let python = PythonPrograms(in: fixtures.folder, installing: ["textual", "lazygit-py"])
    let script = fixtures.folder + "/table.py"
    try PythonPrograms.table.write(toFile: script, atomically: false, encoding: .utf8)
    let hasGit = debianVersion("git") != nil
    if hasGit { try fixtures.writeRepository() }
    let folder = fixtures.folder
    return [
      Peer(
        name: "tig", version: debianVersion("tig"), command: ["tig"], folder: fixtures.repository, ready: "Commit 400"),
      Peer(
        name: "mc", version: debianVersion("mc"), command: ["mc", "--nosubshell"], folder: fixtures.files,
        ready: "1Help"),
      Peer(name: "htop", version: debianVersion("htop"), command: ["htop"], folder: folder, ready: "F10Quit"),
      Peer(
        name: "less", version: debianVersion("less"), command: ["less", fixtures.log], folder: folder, ready: "id=20 "),
      Peer(
        name: "vim", version: debianVersion("vim"), command: ["vim", "-R", fixtures.log], folder: folder,
        ready: "id=20 "),
      Peer(
        name: "neomutt", version: debianVersion("neomutt"),
        command: ["neomutt", "-n", "-F", "/dev/null", "-e", "set folder=/tmp", "-R", "-f", fixtures.mailbox],
        folder: folder, ready: "Drift report 5 "),
      Peer(
        name: "aerc", version: debianVersion("aerc"), command: ["aerc"], folder: folder, ready: "Drift report 9",
        page: "\u{4}"),
      Peer(
        name: "btop", version: debianVersion("btop"), command: ["btop", "--utf-force"], folder: folder, ready: "proc"),
      Peer(
        name: "lazygit", version: hasGit ? python.versions["lazygit-py"] : nil,
        command: [python.path(of: "lazygit")], folder: fixtures.repository, ready: "Commit 400", before: "4", page: "."),
      Peer(
        name: "Textual table", version: python.versions["textual"], command: [python.python, script], folder: folder,
        ready: "model-020"),
    ]
  }

  /// The version of an installed Debian package.
  private static func debianVersion(_ package: String) -> String? {
    let told = try? Programs.run(["/usr/bin/dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", package])
    let words = told?.split(separator: " ") ?? []
    guard words.count == 2, words[0] == "installed" else { return nil }
    // Without the packagers' part: the epoch before it, their revision after it.
    let version = words[1].split(separator: ":").last ?? ""
    return String(version.prefix { $0 != "-" && $0 != "+" })
  }
}

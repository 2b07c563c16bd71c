import Foundation
import PtyTesting
import Testing
import TortureReport

/// Disks that are full somewhere: the real program on file systems and under limits of every size.
@Suite("A disk of any size", .serialized)
struct DiskSizeTests {
  /// `make torture` takes every fourth kilobyte (4); else one that chance picks.
  private static let step = ProcessInfo.processInfo.environment["MDS_DISK_STEP"].flatMap { Int($0) }
  private static let all = 64...2048

  private static var sizes: [Int] {
    if let step { return Array(stride(from: all.lowerBound, through: all.upperBound, by: step)) }
    return [.random(in: 90...512) * 4]
  }

  private static var limits: [Int] {
    step.map { Array(stride(from: all.lowerBound, through: all.upperBound, by: 16 * $0)) } ?? [.random(in: 350...700)]
  }

  /// What was found on all disks.
  private struct Found {
    var (disks, tooSmall, saved, refused, lost, broken) = (0, 0, 0, 0, 0, 0)

    func report(_ part: String) {
      TortureReport.add(
        part,
        [
          "disks": disks, "too_small": tooSmall, "saved": saved, "refused": refused, "lost": lost, "broken": broken,
        ])
    }
  }

  @Test(
    "holds what was called saved, refuses the rest in words, and takes it when there is room again",
    .enabled(if: TinyDisk.isPossible, "only root may mount"))
  func sizes() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (desk, bytes) = try prepared(lab)
    var found = Found()
    for size in Self.sizes {
      let disk = try TinyDisk(lab.scratch, kilobytes: size)
      let target = desk.target.dropLast() + ["\(disk.folder)/ana.sqlite"]
      found.disks += 1
      if size * 1024 <= bytes {
        found.tooSmall += 1
        try checkTold(disk, Array(target))
        continue
      }
      let there = Desk("ana", lab.scratch, target: Array(target), environment: [:])
      let file = "\(lab.path)/ana.sqlite"
      guard let session = try? Session(there, through: disk.program(with: file)) else {
        // There is no room for what SQLite needs beside the ledger: it is told, and the ledger is as it was.
        found.tooSmall += 1
        try checkTold(disk, Array(target), with: file)
        continue
      }
      try fill(session) { try disk.grow(session.process) }
      // What is said later may not be in the copy: a draft that is refused is told in the same words as a judgement, and the
      // answer to that comes after.
      let (copy, shown) = ("\(lab.path)/copy-\(size)", session.shown)
      try disk.copy(from: session.process, to: copy)
      try session.quit()
      try examine(desk.target.dropLast() + ["\(copy)/ana.sqlite"], session, shown, &found)
      try FileManager.default.removeItem(atPath: copy)
    }
    found.report("disk_sizes")
    #expect(found.lost == 0 && found.broken == 0, "\(found)")
    #expect(found.saved > 0)
  }

  @Test("is the same where a file may not become larger: no signal ends the program")
  func limits() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (desk, _) = try prepared(lab)
    var found = Found()
    for limit in Self.limits {
      found.disks += 1
      let copy = try desk.copy(to: "limit\(limit)")
      let shell = ["/bin/bash", "-c", "ulimit -S -f \(limit); exec \"$@\"", "bash"]
      guard let session = try? Session(copy, through: shell) else {
        found.tooSmall += 1
        let told = try output(of: shell + [Paths.mds, "open", "--plain"] + copy.target)
        #expect((0..<128).contains(told.status) && told.status != SIGXFSZ, "\(limit): \(told)")
        try copy.remove()
        continue
      }
      try fill(session) {
        let freed = try output(of: ["/usr/bin/prlimit", "--pid", "\(session.process)", "--fsize=unlimited"])
        #expect(freed.status == 0, "\(freed)")
      }
      try session.quit()
      try examine(copy.target, session, session.shown, &found)
      try copy.remove()
    }
    found.report("file_limits")
    #expect(found.lost == 0 && found.broken == 0, "\(found)")
  }

  /// A desk with a small ledger that all disks get, and how many bytes that has.
  private func prepared(_ lab: Lab) throws -> (Desk, Int) {
    let desk = try lab.desk("ana", scoring: [])
    let scored = try desk.mds(["infer", "wine", "--input", lab.records(12)])
    #expect(scored.status == 0, "\(scored)")
    let file = try FileManager.default.attributesOfItem(atPath: "\(lab.path)/ana.sqlite")
    return (desk, try #require(file[.size] as? Int))
  }

  /// Saves until something is refused, or nothing is; then there is room, and what was refused is saved.
  private func fill(_ session: Session, _ makeRoom: () throws -> Void) throws {
    for _ in 0..<60 {
      try session.beginSave()
      if try session.isSaved() { continue }
      try makeRoom()
      while try !session.isSaved(again: true) {}
      return try session.save(2)
    }
  }

  private func examine(_ target: [String], _ session: Session, _ shown: Set<Int>, _ found: inout Found) throws {
    let listed = try output(of: [Paths.mds, "feedback", "list"] + target)
    let kept = Set(listed.text.split(separator: "\n").compactMap { $0.split(separator: " ").first.flatMap { Int($0) } })
    let verified = try output(of: [Paths.mds, "feedback", "verify"] + target)
    found.saved += shown.count
    found.refused += session.refusals
    found.lost += shown.subtracting(kept).count
    found.broken += verified.status == 0 ? 0 : 1
    #expect(shown.isSubset(of: kept) && verified.status == 0, "\(target): \(verified)\n\(session.transcript)")
  }

  /// Where no ledger has room the program says so in words and ends as it likes, by no signal.
  private func checkTold(_ disk: TinyDisk, _ target: [String], with file: String? = nil) throws {
    let told = try output(of: disk.program(with: file) + [Paths.mds, "feedback", "list"] + target)
    #expect((0..<128).contains(told.status), "\(disk.kilobytes): \(told)")
    #expect(told.status == 0 || !told.errors.isEmpty, "\(disk.kilobytes): \(told)")
  }
}

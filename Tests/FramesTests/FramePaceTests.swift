import Frames
import Testing

@Suite("The pace of frames")
struct FramePaceTests {
  private static let interval = Duration.milliseconds(33)

  /// The moments at which frames are drawn, of changes and keys at theirs.
  private func frames(answers: [Int], keys: [Int] = [], until end: Int = 1000) -> [Int] {
    var pace = FramePace(interval: Self.interval, now: .zero)
    var drawn: [Int] = []
    var isChanged = false
    for moment in 0...end {
      if answers.contains(moment) { isChanged = true }
      if keys.contains(moment) {
        isChanged = true
        pace.keyed()
      }
      guard isChanged, .milliseconds(moment) >= pace.due else { continue }
      drawn.append(moment)
      pace.drew(now: .milliseconds(moment))
      isChanged = false
    }
    return drawn
  }

  @Test("two frames at once, then one in each interval, and the last change is drawn")
  func burst() {
    #expect(frames(answers: Array(100...250)) == [100, 101, 133, 166, 199, 232, 265])
  }

  @Test("a key is drawn at once where answers were drawn just before, and what is drawn for keys keeps its interval")
  func keys() {
    #expect(frames(answers: [100, 101, 110], keys: [115]) == [100, 101, 115])
    #expect(frames(answers: Array(100...160), keys: [115, 116, 120, 149]) == [100, 101, 115, 148, 181])
  }

  @Test("a held key brings no more frames than answers do, beside answers too")
  func held() {
    let keys = Array(stride(from: 0, through: 1000, by: 10))
    #expect(frames(answers: [], keys: keys).count <= 33)
    #expect(frames(answers: keys.map { $0 + 1 }, keys: keys).count <= 33)
  }

  @Test("a key that is held waits until a slow line has brought the frame before; one that is not is drawn at once")
  func slowLine() {
    var pace = FramePace(interval: Self.interval, now: .zero)
    let transit = SlowestLine.transit(of: 900)
    #expect(transit > .milliseconds(112) && transit < .milliseconds(160))
    pace.keyed()
    #expect(pace.due <= .milliseconds(100))
    pace.drew(now: .milliseconds(100), transit: transit)
    pace.keyed(isHeld: true)
    #expect(pace.due == .milliseconds(100) + transit)
    pace.drew(now: .milliseconds(100) + transit, transit: SlowestLine.transit(of: 60))
    pace.keyed(isHeld: true)
    #expect(pace.due == .milliseconds(100) + transit + Self.interval)
    pace.drew(now: .milliseconds(400), transit: transit)
    pace.keyed()
    #expect(pace.due <= .milliseconds(433))
  }

  @Test("the whole screen is drawn when it has to be")
  func hurry() {
    var pace = FramePace(interval: Self.interval, now: .zero)
    for moment in [10, 11, 12] { pace.drew(now: .milliseconds(moment)) }
    #expect(pace.due > .milliseconds(40))
    pace.hurry(now: .milliseconds(13))
    #expect(pace.due == .milliseconds(13))
  }
}

import type { Step } from "./activities.ts";

/** The workflows of the demo account, as lists of steps that are made when they are needed. Durations are medians in seconds. */
export type Steps = () => readonly Step[];

/** Cover and preview, three renditions side by side, packed when all are there. About two and a half minutes. */
export const publish: Steps = () => [
  { name: "Act_Start", kind: "start", endMissing: true },
  { name: "VodSnapshot_Cover", kind: "VodSnapshot", after: ["Act_Start"], seconds: 5 },
  { name: "VodDynamicImage_Preview", kind: "VodDynamicImage", after: ["Act_Start"], seconds: 9 },
  { name: "VodAICensor_Video", kind: "VodAICensor", after: ["Act_Start"], seconds: 24 },
  { name: "VodTranscode_HD", kind: "VodTranscode", after: ["VodAICensor_Video"], seconds: 38 },
  { name: "VodTranscode_FHD", kind: "VodTranscode", after: ["VodAICensor_Video"], seconds: 62 },
  { name: "VodTranscode_4K", kind: "VodTranscode", after: ["VodAICensor_Video"], seconds: 96 },
  { name: "VodSmartTag_Topics", kind: "VodSmartTag", after: ["VodSnapshot_Cover"], seconds: 31 },
  {
    name: "VodPackage_HLS",
    kind: "VodPackage",
    after: ["VodTranscode_HD", "VodTranscode_FHD", "VodTranscode_4K"],
    seconds: 14,
  },
  { name: "VodReport_Publish", kind: "VodReport", after: ["VodPackage_HLS", "VodSmartTag_Topics"], seconds: 3 },
];

/** Subtitles and dubbing into several languages. One translation fails; the service calls the task a success all the same. */
export const localize: Steps = () => [
  { name: "Act_Start", kind: "start", endMissing: true },
  { name: "VodSnapshot_Cover", kind: "VodSnapshot", after: ["Act_Start"], seconds: 4 },
  { name: "VodSubtitle_Speech", kind: "VodSubtitle", after: ["Act_Start"], seconds: 42 },
  { name: "Translate_zh_en", kind: "VodTranslation", after: ["VodSubtitle_Speech"], seconds: 70, end: "Failed" },
  { name: "Translate_zh_ja", kind: "VodTranslation", after: ["VodSubtitle_Speech"], seconds: 64 },
  { name: "Dub_zh_de", kind: "VideoTranslation", after: ["VodSubtitle_Speech"], seconds: 118 },
  { name: "VodWatermark_en", kind: "VodWatermark", after: ["Translate_zh_en"], seconds: 12 },
  { name: "VodWatermark_ja", kind: "VodWatermark", after: ["Translate_zh_ja"], seconds: 12 },
  { name: "VodPackage_Languages", kind: "VodPackage", after: ["VodWatermark_ja", "Dub_zh_de"], seconds: 16 },
];

/** The same, when nothing fails: what the earlier runs looked like. */
export const localizeWell: Steps = () => localize().map((step) => ({ ...step, end: "Succeed" }));

/** A damaged file: the first rendition fails, nothing after it runs. */
export const archive: Steps = () => [
  { name: "Act_Start", kind: "start", endMissing: true },
  { name: "VodSnapshot_Sheet", kind: "VodSnapshot", after: ["Act_Start"], seconds: 6 },
  { name: "VodTranscode_Master", kind: "VodTranscode", after: ["Act_Start"], seconds: 55, end: "Failed" },
  { name: "VodTranscode_Proxy", kind: "VodTranscode", after: ["VodTranscode_Master"], seconds: 40 },
  { name: "VodReport_Archive", kind: "VodReport", after: ["VodTranscode_Proxy", "VodSnapshot_Sheet"], seconds: 3 },
];

/** The shape of the page's example: four activities, one of them failed and alone for most of the run. */
export const small: Steps = () => [
  { name: "Act_Start", kind: "start", endMissing: true },
  { name: "VodSnapshot_123", kind: "VodSnapshot", after: ["Act_Start"], seconds: 4 },
  { name: "VodDynamicImage_123", kind: "VodDynamicImage", after: ["Act_Start"], seconds: 8 },
  { name: "Translate_zh_en", kind: "VodTranslation", after: ["Act_Start"], seconds: 240, end: "Failed" },
];

/** An activity that hangs: the task never gets past it. */
export const stuck: Steps = () => [
  { name: "Act_Start", kind: "start", endMissing: true },
  { name: "VodSnapshot_Cover", kind: "VodSnapshot", after: ["Act_Start"], seconds: 5 },
  { name: "VodTranscode_4K", kind: "VodTranscode", after: ["Act_Start"], seconds: 400 * 86_400 },
];

/** Kinds and status words that no documentation lists. */
export const unheardOf: Steps = () => [
  { name: "Act_Start", kind: "start", endMissing: true },
  { name: "Upscale_8K", kind: "VodQuantumUpscale", after: ["Act_Start"], seconds: 33 },
  { name: "Rights_Check", kind: "ThirdPartyDRM", after: ["Act_Start"], seconds: 7, end: "PartiallySucceed" },
  { name: "Highlights", kind: "", after: ["Upscale_8K"], seconds: 18 },
  { name: "Review", kind: "HumanReview", after: ["Upscale_8K"], seconds: 20, end: "Suspended" },
];

/** Ends are not reported although the activities succeeded. */
export const endsMissing: Steps = () => publish().map((step) => ({ ...step, endMissing: true }));

/** Text that must stay text wherever it is shown: markup, links that run commands, direction marks, line breaks, great length. */
export const hostile: Steps = () => [
  { name: "Act_Start", kind: "start", endMissing: true },
  { name: '<img src=x onerror="alert(1)">', kind: "<script>alert(1)</script>", after: ["Act_Start"], seconds: 5 },
  { name: "[open](command:workbench.action.quit)", kind: "$(trash) **bold**", after: ["Act_Start"], seconds: 6 },
  { name: "\u202Egnp.tohspans\u202C", kind: "VodSnapshot", after: ["Act_Start"], seconds: 4 },
  { name: "line one\nline two\r\n\ttabbed", kind: "VodTranscode", after: ["Act_Start"], seconds: 9, end: "Failed" },
  { name: `=HYPERLINK("http://example.com")`, kind: "VodReport", after: ["Act_Start"], seconds: 2 },
  { name: "__proto__", kind: "constructor", after: ["Act_Start"], seconds: 3 },
  { name: "long ".repeat(2000), kind: "VodSmartTag", after: ["Act_Start"], seconds: 7 },
];

/**
 * A long program in chapters, `count` activities in all. Each chapter fans out into renditions and a snapshot and in
 * again into a package; up to `lanes` chapters run side by side. Every 40th snapshot fails, which stops nothing.
 */
export const chapters =
  (count: number, lanes: number): Steps =>
  () => {
    const steps: Step[] = [{ name: "Act_Start", kind: "start", endMissing: true }];
    const packages: string[] = [];
    for (let chapter = 1; steps.length + chapterSteps < count; chapter++) {
      const suffix = String(chapter).padStart(2, "0");
      const split = `VodSplit_${suffix}`;
      const renditions = ["HD", "FHD", "4K"].map((definition) => `VodTranscode_${definition}_${suffix}`);
      const packed = `VodPackage_${suffix}`;
      steps.push(
        { name: split, kind: "VodSplit", after: [packages.at(-lanes) ?? "Act_Start"], seconds: 6 },
        ...renditions.map((name, index) => ({ name, kind: "VodTranscode", after: [split], seconds: 30 + 15 * index })),
        {
          name: `VodSnapshot_${suffix}`,
          kind: "VodSnapshot",
          after: [split],
          seconds: 5,
          end: chapter % 40 === 7 ? "Failed" : "Succeed",
        },
        { name: packed, kind: "VodPackage", after: renditions, seconds: 8 },
      );
      packages.push(packed);
    }
    for (let extra = 1; steps.length < count - 1; extra++) {
      steps.push({ name: `VodSmartTag_${extra}`, kind: "VodSmartTag", after: ["Act_Start"], seconds: 25 });
    }
    const reported = packages.length > 0 ? packages.slice(-lanes) : ["Act_Start"];
    steps.push({ name: "VodReport_Program", kind: "VodReport", after: reported, seconds: 4 });
    return steps;
  };

const chapterSteps = 6;

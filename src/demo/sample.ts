/**
 * The JSON example of the GetJobDetail page, byte for byte: masked ids, ActivityResults escaped once too often,
 * a line break inside a CompleteTime and all four details in one answer, although JobType is transcode.
 */
export const sampleAnswer = String.raw`{
  "RequestId": "6708D849-F109-1A6C-AC91-************",
  "JobType": "transcode",
  "TranscodeJobDetail": {
    "JobId": "2dc1634e**********3f1d22d1a0174e",
    "UserId": 0,
    "VideoId": "30e5d7**********bd900764de7c0102",
    "Status": "TranscodeSuccess",
    "TemplateId": "dbfaaec9e**********bf0b81219244c",
    "Definition": "HD",
    "CreateTime": "2024-10-14T07:39:25Z",
    "CompleteTime": "2024-10-14T07:39:34Z"
  },
  "SnapshotJobDetail": {
    "JobId": "63df12s0**********4hdq249t82kr91",
    "UserId": 0,
    "VideoId": "30e5d7**********bd900764de7c0102",
    "Status": "Success",
    "Trigger": "Auto",
    "NormalConfig": "{\"inl\":0,\"num\":32,\"tm\":5,\"wd\":\"352\",\"ft\":\"normal\",\"hg\":\"640\"}",
    "SpriteConfig": "{\"pad\":\"0\",\"lines\":\"10\",\"mgin\":\"0\",\"cols\":\"10\",\"ikcp\":\"false\",\"hg\":\"68\"}",
    "CreateTime": "2024-10-14T07:39:25Z",
    "CompleteTime": "2024-10-14T07:39:45Z"
  },
  "AIJobDetail": {
    "JobId": "5c9dff751ba**********59d50a967f5",
    "UserId": 0,
    "MediaId": "30e5d7**********bd900764de7c0102",
    "JobType": "AIVideoCensor",
    "Status": "success",
    "Trigger": "Auto",
    "TemplateConfig": "{\"AuditRange\":[\"video\",\"image-cover\",\"text-title\"],\"AuditContent\":[\"screen\"],\"AuditItem\":[\"terrorism\",\"porn\"],\"AuditAutoBlock\":\"no\"}",
    "CreateTime": "2024-10-14T07:39:25Z",
    "CompleteTime": "2024-10-14T07:39:46Z\n"
  },
  "WorkflowTaskDetail": {
    "TaskId": "46ecc024******92c8e26237e51",
    "Status": "Succeed",
    "TaskInput": "{\\\"Type\\\":\\\"Media\\\",\\\"Media\\\":\\\"00f985a50ae371f0ad1c4106e0ea0102\\\",\\\"Title\\\":\\\"2.mp4\\\",\\\"StorageLocation\\\":\\\"yiming-pre.oss-cn-shanghai.aliyuncs.com\\\"}",
    "CreateTime": "2025-03-27T08:15:46Z",
    "FinishTime": "2025-03-27T08:20:19Z",
    "ActivityResults": "{\\\"VodSnapshot_123\\\":{\\\"ActivityId\\\":\\\"VodSnapshot\\\",\\\"ActivityInstanceId\\\":\\\"c8cf62d53bef4e04bf703976bae6d0b9\\\",\\\"EndTime\\\":\\\"2025-03-27T08:15:51Z\\\",\\\"Result\\\":\\\"{\\\\\\\"RequestId\\\\\\\":\\\\\\\"8B3649AF-5A6B-1099-BEB6-164D81067398\\\\\\\",\\\\\\\"EventType\\\\\\\":\\\\\\\"SnapshotComplete\\\\\\\",\\\\\\\"UserId\\\\\\\":1797131669910763,\\\\\\\"MessageBody\\\\\\\":{\\\\\\\"Status\\\\\\\":\\\\\\\"success\\\\\\\",\\\\\\\"VideoId\\\\\\\":\\\\\\\"00f985a50ae371f0ad1c4106e0ea0102\\\\\\\",\\\\\\\"EventType\\\\\\\":\\\\\\\"SnapshotComplete\\\\\\\",\\\\\\\"EventTime\\\\\\\":\\\\\\\"2025-03-27T08:15:50Z\\\\\\\",\\\\\\\"TriggerSource\\\\\\\":\\\\\\\"{\\\\\\\\\\\\\\\"ActivityInstanceId\\\\\\\\\\\\\\\":\\\\\\\\\\\\\\\"c8cf62d53bef4e04bf703976bae6d0b9\\\\\\\\\\\\\\\",\\\\\\\\\\\\\\\"BizType\\\\\\\\\\\\\\\":\\\\\\\\\\\\\\\"ice-workflow\\\\\\\\\\\\\\\"}\\\\\\\"}}\\\",\\\"StartTime\\\":\\\"2025-03-27T08:15:47Z\\\",\\\"Status\\\":\\\"Succeed\\\"},\\\"Translate_zh_en\\\":{\\\"ActivityId\\\":\\\"VodTranslation\\\",\\\"ActivityInstanceId\\\":\\\"c043a872bb044763a3d293a5c2458b50\\\",\\\"EndTime\\\":\\\"2025-03-27T08:20:19Z\\\",\\\"Result\\\":\\\"{\\\\\\\"Type\\\\\\\":\\\\\\\"VideoTranslationAll\\\\\\\",\\\\\\\"Success\\\\\\\":false}\\\",\\\"StartTime\\\":\\\"2025-03-27T08:15:46Z\\\",\\\"Status\\\":\\\"Failed\\\"},\\\"Act_Start\\\":{\\\"ActivityId\\\":\\\"start\\\",\\\"ActivityInstanceId\\\":\\\"8a9402f4ff064084bf496707fb2d664a\\\",\\\"Result\\\":\\\"{\\\\\\\"Type\\\\\\\":\\\\\\\"Media\\\\\\\",\\\\\\\"bizType\\\\\\\":6,\\\\\\\"Media\\\\\\\":\\\\\\\"00f985a50ae371f0ad1c4106e0ea0102\\\\\\\",\\\\\\\"Title\\\\\\\":\\\\\\\"2.mp4\\\\\\\",\\\\\\\"taskInput\\\\\\\":\\\\\\\"{\\\\\\\\\\\\\\\"Type\\\\\\\\\\\\\\\":\\\\\\\\\\\\\\\"Media\\\\\\\\\\\\\\\",\\\\\\\\\\\\\\\"Media\\\\\\\\\\\\\\\":\\\\\\\\\\\\\\\"00f985a50ae371f0ad1c4106e0ea0102\\\\\\\\\\\\\\\"}\\\\\\\",\\\\\\\"userTaskInput\\\\\\\":\\\\\\\"{\\\\\\\\\\\\\\\"Type\\\\\\\\\\\\\\\":\\\\\\\\\\\\\\\"Media\\\\\\\\\\\\\\\",\\\\\\\\\\\\\\\"Media\\\\\\\\\\\\\\\":\\\\\\\\\\\\\\\"00f985a50ae371f0ad1c4106e0ea0102\\\\\\\\\\\\\\\",\\\\\\\\\\\\\\\"Title\\\\\\\\\\\\\\\":\\\\\\\\\\\\\\\"2.mp4\\\\\\\\\\\\\\\",\\\\\\\\\\\\\\\"StorageLocation\\\\\\\\\\\\\\\":\\\\\\\\\\\\\\\"yiming-pre.oss-cn-shanghai.aliyuncs.com\\\\\\\\\\\\\\\"}\\\\\\\",\\\\\\\"StorageLocation\\\\\\\":\\\\\\\"yiming-pre.oss-cn-shanghai.aliyuncs.com\\\\\\\",\\\\\\\"callerUid\\\\\\\":1797131669910763,\\\\\\\"CUR_NODE_NAME\\\\\\\":\\\\\\\"Act_Start\\\\\\\"}\\\",\\\"StartTime\\\":\\\"2025-03-27T08:15:45Z\\\",\\\"Status\\\":\\\"Succeed\\\"},\\\"VodDynamicImage_123\\\":{\\\"ActivityId\\\":\\\"VodDynamicImage\\\",\\\"ActivityInstanceId\\\":\\\"26e8dab82ab84110b1150f146caf633c\\\",\\\"EndTime\\\":\\\"2025-03-27T08:15:55Z\\\",\\\"Result\\\":\\\"{\\\\\\\"RequestId\\\\\\\":\\\\\\\"7120B5D5-430F-14AD-8922-577F072DDD64\\\\\\\",\\\\\\\"EventType\\\\\\\":\\\\\\\"DynamicImageComplete\\\\\\\",\\\\\\\"UserId\\\\\\\":1797131669910763,\\\\\\\"MessageBody\\\\\\\":{\\\\\\\"Status\\\\\\\":\\\\\\\"success\\\\\\\",\\\\\\\"VideoId\\\\\\\":\\\\\\\"00f985a50ae371f0ad1c4106e0ea0102\\\\\\\",\\\\\\\"EventType\\\\\\\":\\\\\\\"DynamicImageComplete\\\\\\\",\\\\\\\"EventTime\\\\\\\":\\\\\\\"2025-03-27T08:15:52Z\\\\\\\",\\\\\\\"TriggerSource\\\\\\\":\\\\\\\"{\\\\\\\\\\\\\\\"ActivityInstanceId\\\\\\\\\\\\\\\":\\\\\\\\\\\\\\\"26e8dab82ab84110b1150f146caf633c\\\\\\\\\\\\\\\",\\\\\\\\\\\\\\\"BizType\\\\\\\\\\\\\\\":\\\\\\\\\\\\\\\"ice-workflow\\\\\\\\\\\\\\\"}\\\\\\\"}}\\\",\\\"StartTime\\\":\\\"2025-03-27T08:15:47Z\\\",\\\"Status\\\":\\\"Succeed\\\"}}",
    "UserData": "{\"MessageCallback\":{\"CallbackURL\":\"http://example.aliyundoc.com\"},\"Extend\":{\"localId\":\"*****\",\"test\":\"www\"}}",
    "Workflow": {
      "WorkflowId": "vw_09d6*****b5c5b19a0c891e02",
      "Name": "All_Activity_New_1_app-1000000",
      "Status": "Active",
      "Type": "",
      "CreateTime": "2025-03-26T05:50:14Z",
      "ModifiedTime": "2025-03-26T07:51:55Z",
      "AppId": "app-1000000"
    }
  }
}`;

/** The ids that the example shows, by the job type that asks for them. */
export const sampleIds = {
  transcode: "2dc1634e**********3f1d22d1a0174e",
  snapshot: "63df12s0**********4hdq249t82kr91",
  ai: "5c9dff751ba**********59d50a967f5",
  workflow: "46ecc024******92c8e26237e51",
} as const;

// Made by pbx/ari-types.ts from Asterisk's own description files. Do not edit.

/** Event showing the start of a media playback operation. */
export interface PlaybackStarted {
  type: 'PlaybackStarted';
  application: string;
  timestamp: string;
  playback: Playback;
}

/** Event showing the completion of a media playback operation. */
export interface PlaybackFinished {
  type: 'PlaybackFinished';
  application: string;
  timestamp: string;
  playback: Playback;
}

/** Event showing the completion of a recording operation. */
export interface RecordingFinished {
  type: 'RecordingFinished';
  application: string;
  timestamp: string;
  recording: LiveRecording;
}

/** Event showing failure of a recording operation. */
export interface RecordingFailed {
  type: 'RecordingFailed';
  application: string;
  timestamp: string;
  recording: LiveRecording;
}

/** Notification that a Stasis app has been registered. */
export interface ApplicationRegistered {
  type: 'ApplicationRegistered';
  application: string;
  timestamp: string;
}

/** Notification that another WebSocket has taken over for an application.

An application may only be subscribed to by a single WebSocket at a time. If multiple WebSockets attempt to subscribe to the same application, the newer WebSocket wins, and the older one receives this event. */
export interface ApplicationReplaced {
  type: 'ApplicationReplaced';
  application: string;
  timestamp: string;
}

/** Notification that a channel has been created. */
export interface ChannelCreated {
  type: 'ChannelCreated';
  application: string;
  timestamp: string;
  channel: Channel;
}

/** Notification that a channel has been destroyed. */
export interface ChannelDestroyed {
  type: 'ChannelDestroyed';
  application: string;
  timestamp: string;
  cause: number;
  cause_txt: string;
  tech_cause?: number;
  channel: Channel;
}

/** Notification that a channel has entered a bridge. */
export interface ChannelEnteredBridge {
  type: 'ChannelEnteredBridge';
  application: string;
  timestamp: string;
  bridge: Bridge;
  channel?: Channel;
}

/** Notification that a channel has left a bridge. */
export interface ChannelLeftBridge {
  type: 'ChannelLeftBridge';
  application: string;
  timestamp: string;
  bridge: Bridge;
  channel: Channel;
}

/** Notification of a channel's state change. */
export interface ChannelStateChange {
  type: 'ChannelStateChange';
  application: string;
  timestamp: string;
  channel: Channel;
}

/** DTMF received on a channel.

This event is sent when the DTMF ends. There is no notification about the start of DTMF */
export interface ChannelDtmfReceived {
  type: 'ChannelDtmfReceived';
  application: string;
  timestamp: string;
  digit: string;
  duration_ms: number;
  channel: Channel;
}

/** A hangup was requested on the channel. */
export interface ChannelHangupRequest {
  type: 'ChannelHangupRequest';
  application: string;
  timestamp: string;
  cause?: number;
  tech_cause?: number;
  soft?: boolean;
  channel: Channel;
}

/** A channel initiated a media hold. */
export interface ChannelHold {
  type: 'ChannelHold';
  application: string;
  timestamp: string;
  channel: Channel;
  musicclass?: string;
}

/** A channel initiated a media unhold. */
export interface ChannelUnhold {
  type: 'ChannelUnhold';
  application: string;
  timestamp: string;
  channel: Channel;
}

/** Dialing state has changed. */
export interface Dial {
  type: 'Dial';
  application: string;
  timestamp: string;
  caller?: Channel;
  peer: Channel;
  forward?: string;
  forwarded?: Channel;
  dialstring?: string;
  dialstatus: string;
}

/** Notification that a channel has entered a Stasis application. */
export interface StasisStart {
  type: 'StasisStart';
  application: string;
  timestamp: string;
  args: string[];
  channel: Channel;
  replace_channel?: Channel;
}

/** Notification that a channel has left a Stasis application. */
export interface StasisEnd {
  type: 'StasisEnd';
  application: string;
  timestamp: string;
  channel: Channel;
}

/** REST over Websocket Response. */
export interface RESTResponse {
  transaction_id: string;
  request_id: string;
  status_code: number;
  reason_phrase: string;
  uri: string;
  content_type?: string;
  message_body?: string;
}

/** A specific communication connection between Asterisk and an Endpoint. */
export interface Channel {
  id: string;
  protocol_id: string;
  name: string;
  state:
    | 'Down'
    | 'Rsrved'
    | 'OffHook'
    | 'Dialing'
    | 'Ring'
    | 'Ringing'
    | 'Up'
    | 'Busy'
    | 'Dialing Offhook'
    | 'Pre-ring'
    | 'Unknown';
  caller: CallerID;
  connected: CallerID;
  accountcode: string;
  dialplan: DialplanCEP;
  creationtime: string;
  language: string;
  channelvars?: Record<string, string>;
  caller_rdnis?: string;
  tenantid?: string;
}

/** Caller identification */
export interface CallerID {
  name: string;
  number: string;
}

/** Dialplan location (context/extension/priority) */
export interface DialplanCEP {
  context: string;
  exten: string;
  priority: number;
  app_name: string;
  app_data: string;
}

/** The merging of media from one or more channels.

Everyone on the bridge receives the same audio. */
export interface Bridge {
  id: string;
  technology: string;
  bridge_type: 'mixing' | 'holding';
  bridge_class: string;
  creator: string;
  name: string;
  channels: string[];
  video_mode?: string;
  video_source_id?: string;
  creationtime: string;
  bridgevars?: Record<string, string>;
}

/** Object representing the playback of media to a channel */
export interface Playback {
  id: string;
  media_uri: string;
  next_media_uri?: string;
  target_uri: string;
  language?: string;
  state: 'queued' | 'playing' | 'continuing' | 'done' | 'failed';
}

/** A recording that is in progress */
export interface LiveRecording {
  name: string;
  format: string;
  target_uri: string;
  state: 'queued' | 'recording' | 'paused' | 'done' | 'failed' | 'canceled';
  duration?: number;
  talking_duration?: number;
  silence_duration?: number;
  cause?: string;
}

/** A key/value pair that makes up part of a configuration object. */
export interface ConfigTuple {
  attribute: string;
  value: string;
}

export type AriEvent =
  | PlaybackStarted
  | PlaybackFinished
  | RecordingFinished
  | RecordingFailed
  | ApplicationRegistered
  | ApplicationReplaced
  | ChannelCreated
  | ChannelDestroyed
  | ChannelEnteredBridge
  | ChannelLeftBridge
  | ChannelStateChange
  | ChannelDtmfReceived
  | ChannelHangupRequest
  | ChannelHold
  | ChannelUnhold
  | Dial
  | StasisStart
  | StasisEnd;

// The part of the Bot API's types that the fake speaks, with the API's own names.

export interface User {
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
  language_code?: string;
}

export interface Chat {
  id: number;
  type: 'private' | 'group' | 'supergroup';
  first_name?: string;
  username?: string;
  title?: string;
  is_forum?: true;
}

export interface MessageEntity {
  type: string;
  /** In UTF-16 units. */
  offset: number;
  /** In UTF-16 units. */
  length: number;
  url?: string;
  language?: string;
  user?: User;
}

export interface InlineButton {
  text: string;
  callback_data?: string;
  url?: string;
  [other: string]: unknown;
}

export interface InlineKeyboard {
  inline_keyboard: InlineButton[][];
}

export interface Message {
  message_id: number;
  from?: User;
  chat: Chat;
  /** Unix seconds. */
  date: number;
  edit_date?: number;
  text?: string;
  entities?: MessageEntity[];
  caption?: string;
  caption_entities?: MessageEntity[];
  photo?: { file_id: string; file_unique_id: string; width: number; height: number }[];
  reply_markup?: InlineKeyboard;
  message_thread_id?: number;
  is_topic_message?: true;
  migrate_to_chat_id?: number;
  migrate_from_chat_id?: number;
}

export interface CallbackQuery {
  id: string;
  from: User;
  message: Message | { chat: Chat; message_id: number; date: 0 };
  chat_instance: string;
  data: string;
}

export interface ChatMemberUpdated {
  chat: Chat;
  from: User;
  date: number;
  old_chat_member: { user: User; status: string; until_date?: number };
  new_chat_member: { user: User; status: string; until_date?: number };
}

export interface UpdateContent {
  message?: Message;
  callback_query?: CallbackQuery;
  my_chat_member?: ChatMemberUpdated;
}

export interface Update extends UpdateContent {
  update_id: number;
}

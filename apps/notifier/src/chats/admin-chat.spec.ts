import { whoHears, type AdminChat } from './admin-chat';

const group: AdminChat = { chatId: -1, topicId: 7, handle: null };
const carol: AdminChat = { chatId: 1, topicId: null, handle: 'carol' };
const dave: AdminChat = { chatId: 2, topicId: null, handle: 'dave' };
const ada: AdminChat = { chatId: 3, topicId: null, handle: 'ada' };

describe('who hears', () => {
  it('are the admins in private while there is no group', () => {
    expect(whoHears({ groups: [], admins: [carol, dave], own: [] }, false)).toEqual([carol, dave]);
  });

  it('is the group alone as soon as there is one', () => {
    expect(whoHears({ groups: [group], admins: [carol], own: [] }, false)).toEqual([group]);
  });

  it("are a product's own admins instead of all", () => {
    expect(whoHears({ groups: [group], admins: [carol], own: [ada] }, false)).toEqual([ada]);
  });

  it('is everybody, each once, when nobody has taken care', () => {
    expect(whoHears({ groups: [group], admins: [carol, dave], own: [carol, ada] }, true)).toEqual([
      group,
      carol,
      ada,
      dave,
    ]);
  });

  it('is nobody where there is nobody', () => {
    expect(whoHears({ groups: [], admins: [], own: [] }, true)).toEqual([]);
  });
});

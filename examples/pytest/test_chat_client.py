from chat_client import ChatClient


def test_comes_back_after_a_reset_in_the_middle_of_a_conversation(wsfault_session):
    # {}: a fake server, which sends ten messages. A URL: your own.
    proxy = wsfault_session.proxy("chat", upstream={})
    proxy.inject("reset", when="message 3")
    with ChatClient(proxy.url) as client:
        wsfault_session.until("fault reset")
        attempt = wsfault_session.until("open")
        assert attempt["connection"] == 2
        assert client.closes == [1006]
